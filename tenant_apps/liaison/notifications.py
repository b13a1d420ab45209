"""What a note sends, to whom. Each message names the child: « Inès · À signer avant demain : sortie au musée »."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.words import day_and_month
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify, notify_all, withdraw
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.liaison.querysets import PURPOSE
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenants.stops import Sent

REMINDER = "liaison.reminder"
REMINDED_AT = time(17)
PUBLISH = "liaison.publish"


def plan_reminder(note: LiaisonNote) -> None:
    """One reminder before the date, unless the author wants none or the note is sent after that moment."""
    if note.due_on is None or not note.reminded_before:
        return
    day = note.due_on - timedelta(days=note.reminded_before)
    moment = datetime.combine(day, REMINDED_AT, tzinfo=timezone.get_default_timezone())
    if moment > timezone.now():
        facts = {"note": str(note.pk), "due": str(note.due_on)}
        outbox.put(REMINDER, key=f"{REMINDER}:{note.pk}:{note.due_on}", payload=facts, not_before=moment)


def plan_publication(note: LiaisonNote) -> None:
    at = note.planned_for.isoformat()
    outbox.put(
        PUBLISH, key=f"{PUBLISH}:{note.pk}:{at}", payload={"note": str(note.pk), "at": at}, not_before=note.planned_for
    )


def note_published(note: LiaisonNote, request: SignatureRequest) -> None:
    _tell(note, request.slots.all(), occasion="published")


def note_corrected(note: LiaisonNote, request: SignatureRequest) -> None:
    _tell(note, request.slots.all(), occasion=f"corrected:{note.corrected_at.isoformat()}")


def note_not_sent(note: LiaisonNote) -> None:
    title = _("Votre mot n’est pas parti, relisez-le : %(title)s") % {"title": note.title}
    path = reverse("liaison:publish", args=[note.pk])
    key = f"liaison:{note.pk}:not_sent:{timezone.now().isoformat()}"
    notify(user=note.author, kind="liaison.not_sent", title=title, path=path, key=key)


def note_reminded(note: LiaisonNote, slots: Iterable[Slot], *, on: date) -> None:
    # The day is part of the key: one reminder a day at most.
    _tell(note, slots, occasion=f"reminded:{on.isoformat()}")


def note_withdrawn(note: LiaisonNote, request: SignatureRequest) -> None:
    _tell(note, request.slots.all(), occasion="withdrawn")


def reply_left(reply: Reply, sent: Sent) -> None:
    """Whose words never leave the platform: told from whom, about which child and note."""
    facts = {"child": reply.pupil.person.first_name, "title": reply.note.title}
    if reply.is_from_school:
        kind, path = "liaison.answered", reply.note.get_absolute_url()
        title = _("%(child)s · L’école vous a répondu : %(title)s") % facts
    else:
        kind, path = "liaison.reply", reverse("liaison:thread", args=[reply.note_id, reply.pupil_id])
        title = _("%(child)s · Sa famille vous a écrit : %(title)s") % facts
    notify_all(Notice(user, kind, title, path, _key(reply, user), [reply.pupil_id], sent) for user in _readers(reply))


def take_back(reply: Reply) -> None:
    """It is withdrawn: who has not read the notice is not sent to it any more."""
    withdraw([_key(reply, user) for user in _readers(reply)])


def _key(reply: Reply, user: Any) -> str:
    return f"{'liaison.answered' if reply.is_from_school else 'liaison.reply'}:{reply.pk}:{user.pk}"


def _readers(reply: Reply) -> list[Any]:
    readers = _guardians(reply) if reply.is_from_school else _teachers(reply)
    return [user for user in readers if user.pk != reply.author_id]


def _guardians(reply: Reply) -> Iterable[Any]:
    """To whom the note was sent for that child, and who still has the authority."""
    slots = Slot.objects.filter(request__purpose=PURPOSE, request__object_id=reply.note_id, subject_id=reply.pupil_id)
    links = Guardianship.objects.informed().filter(pupil=reply.pupil, guardian__in=slots.values("signer_id"))
    links = links.filter(guardian__account__isnull=False).select_related("guardian__account")
    return [link.guardian.account for link in links]


def _teachers(reply: Reply) -> Iterable[Any]:
    """The teachers of the child's class; the head, when it is the head's note."""
    classes = Enrollment.objects.on().filter(pupil=reply.pupil).values("school_class")
    mine = StaffAssignment.objects.on().filter(person__account__isnull=False)
    teaching = Q(role__in=StaffAssignment.TEACHING, school_class__in=classes)
    heading = Q(role=StaffAssignment.Role.HEAD, school=reply.note.school_id, person__account=reply.note.author_id)
    rows = mine.filter(teaching | heading).select_related("person__account")
    return {row.person.account.pk: row.person.account for row in rows}.values()


def _tell(note: LiaisonNote, slots: Iterable[Slot], *, occasion: str) -> None:
    """One message per adult, with the names of their children it concerns."""
    slots = list(slots)
    names = dict(Pupil.objects.filter(pk__in=[s.subject_id for s in slots]).values_list("pk", "person__first_name"))
    accounts = {
        person.pk: person.account
        for person in Person.objects.filter(pk__in=[s.signer_id for s in slots]).select_related("account")
        if person.account is not None
    }
    children_of: dict[Any, list[Any]] = {}
    for slot in slots:
        if slot.signer_id in accounts:
            children_of.setdefault(slot.signer_id, []).append(slot.subject_id)
    for signer_id, subjects in children_of.items():
        user = accounts[signer_id]
        notify(
            user=user,
            kind="liaison.to_sign" if note.asks_answer and not note.is_withdrawn else "liaison.to_read",
            title=message(note, [names[s] for s in subjects], is_correction=occasion.startswith("corrected")),
            path=note.get_absolute_url(),
            subject_ids=subjects,
            key=f"liaison:{note.pk}:{user.pk}:{occasion}",
        )


def message(note: LiaisonNote, children: list[str], *, is_correction: bool = False) -> str:
    facts = {"children": get_text_list(children, _("et")), "title": note.title}
    if note.is_withdrawn:
        return _("%(children)s · Mot retiré : %(title)s") % facts
    if is_correction:
        return _("%(children)s · Mot corrigé, à relire : %(title)s") % facts
    if not note.asks_answer:
        return _("%(children)s · À lire : %(title)s") % facts
    if note.due_on is None:
        return _("%(children)s · À signer : %(title)s") % facts
    return _("%(children)s · À signer avant le %(day)s : %(title)s") % (facts | {"day": day_and_month(note.due_on)})
