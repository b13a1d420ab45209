"""What the notebook brings to other pages: lines of the home, counters of the roll-up."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.addresses import address_of
from core.frozen import frozen
from core.registry import Todo
from shared_apps.accounts.names import full_name
from shared_apps.signatures.models import Slot
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.liaison.querysets import PURPOSE, slots_visible_to

READ_FOR = timedelta(days=14)  # an unread note leaves the home page after that; it stays in the notebook


def todos(user: Any, profile: str) -> Iterable[Todo]:
    return _of_staff(user) if profile in {"teacher", "head"} else []


def of_guardian(slots: list[Any], rows: list[Any]) -> list[Todo]:
    """The notes of these places: to sign, unless the other guardian did and one suffices; or to read."""
    notes = {note.pk: note for note in rows}
    found = []
    for slot in slots:
        note = notes.get(slot.object_id)
        if note is None:
            continue
        if note.is_asking and not (slot.is_settled and slot.rule == "one"):
            found.append(_to_sign(note, slot))
        elif not slot.read_at and note.published_at > timezone.now() - READ_FOR:
            found.append(_to_read(note, slot))
    return found


@frozen
def waiting(user: Any) -> QuerySet:
    """The notes that a guardian has not signed, as rows of plain values."""
    unsigned = slots_visible_to(user).filter(signed_at=None).values("request__object_id")
    notes = LiaisonNote.objects.published().of_this_year().filter(pk__in=unsigned)
    notes = notes.annotate(is_asking=~Q(answer=LiaisonNote.Answer.NONE), who=full_name("author"))
    return notes.values_list("pk", "title", "due_on", "published_at", "is_asking", "who", named=True)


def _to_sign(note: Any, slot: Any) -> Todo:
    return Todo(
        when=note.due_on,
        kind="sign",
        title=note.title,
        detail=_("%(author)s attend votre réponse.") % {"author": note.who},
        url=address_of("liaison:note", note.pk),
        action=_("Lire et signer"),
        subject_id=slot.subject_id,
        is_urgent=note.due_on is not None and note.due_on <= timezone.localdate() + timedelta(days=1),
    )


def _to_read(note: Any, slot: Any) -> Todo:
    return Todo(
        when=timezone.localdate(note.published_at),
        kind="read",
        title=note.title,
        detail=note.who,
        url=address_of("liaison:note", note.pk),
        subject_id=slot.subject_id,
    )


def _of_staff(user: Any) -> list[Todo]:
    notes = LiaisonNote.objects.filter(author=user).exclude(status="archived").with_progress()
    found = []
    for note in notes.order_by("due_on", "-published_at")[:20]:
        if note.is_draft:
            found += [] if note.planned_for else [_draft(note)]
        elif note.is_published and note.asks_answer and note.children_signed < note.children:
            found.append(_missing(note))
    return found


def _draft(note: LiaisonNote) -> Todo:
    url = reverse("liaison:change", args=[note.pk])
    detail = _("Brouillon : personne ne l’a encore reçu.")
    return Todo(when=None, kind="do", title=note.title, detail=detail, url=url, action=_("Finir"))


def _missing(note: LiaisonNote) -> Todo:
    left = note.children - note.children_signed
    text = ngettext("%(count)s famille n’a pas répondu", "%(count)s familles n’ont pas répondu", left)
    return Todo(
        when=note.due_on,
        kind="do",
        title=text % {"count": left},
        detail=note.title,
        url=reverse("liaison:follow", args=[note.pk]),
        action=_("Voir les familles"),
        is_urgent=note.due_on is not None and note.due_on <= timezone.localdate() + timedelta(days=1),
    )


def counters() -> dict[tuple[str, str], int]:
    """Per school: notes sent, children's slots signed. Numbers only."""
    sent = LiaisonNote.objects.exclude(status="draft").order_by()
    found = {(uai, "notes_sent"): n for uai, n in sent.values_list("school__uai").annotate(n=Count("pk"))}
    uais = dict(sent.values_list("pk", "school__uai"))
    signed = Slot.objects.filter(request__purpose=PURPOSE, signed_at__isnull=False).order_by()
    for note_id, n in signed.values_list("request__object_id").annotate(n=Count("pk")):
        key = (uais[note_id], "signatures")
        found[key] = found.get(key, 0) + n
    return found
