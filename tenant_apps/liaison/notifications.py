"""What a note sends, to whom. Each message names the child: « Inès · À signer avant demain : sortie au musée »."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.words import day_and_month
from shared_apps.notifications import outbox
from shared_apps.notifications.services import notify
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Person, Pupil

REMINDER = "liaison.reminder"
REMINDED_AT = time(17)


def plan_reminder(note: LiaisonNote) -> None:
    """One reminder before the date, unless the author wants none or the note is sent after that moment."""
    if note.due_on is None or not note.reminded_before:
        return
    day = note.due_on - timedelta(days=note.reminded_before)
    moment = datetime.combine(day, REMINDED_AT, tzinfo=timezone.get_default_timezone())
    if moment > timezone.now():
        outbox.put(REMINDER, key=f"{REMINDER}:{note.pk}", payload={"note": str(note.pk)}, not_before=moment)


def note_published(note: LiaisonNote, request: SignatureRequest) -> None:
    _tell(note, request.slots.all(), occasion="published")


def note_reminded(note: LiaisonNote, slots: Iterable[Slot], *, on: date) -> None:
    # The day is part of the key: one reminder a day at most.
    _tell(note, slots, occasion=f"reminded:{on.isoformat()}")


def note_withdrawn(note: LiaisonNote, request: SignatureRequest) -> None:
    _tell(note, request.slots.all(), occasion="withdrawn")


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
            title=message(note, [names[s] for s in subjects]),
            path=note.get_absolute_url(),
            subject_ids=subjects,
            key=f"liaison:{note.pk}:{user.pk}:{occasion}",
        )


def message(note: LiaisonNote, children: list[str]) -> str:
    facts = {"children": get_text_list(children, _("et")), "title": note.title}
    if note.is_withdrawn:
        return _("%(children)s · Mot retiré : %(title)s") % facts
    if not note.asks_answer:
        return _("%(children)s · À lire : %(title)s") % facts
    if note.due_on is None:
        return _("%(children)s · À signer : %(title)s") % facts
    return _("%(children)s · À signer avant le %(day)s : %(title)s") % (facts | {"day": day_and_month(note.due_on)})
