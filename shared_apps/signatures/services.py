"""Asking, reading, signing, counting. Who may do it is the caller's rule; what is consistent is here.

Rows are locked in one order: the request, then its slots.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.signatures.models import SignatureRequest, Slot


@dataclass(frozen=True)
class Subject:
    """One child and the slots of its adults."""

    subject_id: Any
    slots: tuple[Slot, ...]
    rule: str

    @property
    def is_done(self) -> bool:
        signed = [slot.is_signed for slot in self.slots]
        return all(signed) if self.rule == SignatureRequest.Rule.EACH else any(signed)

    @property
    def is_read(self) -> bool:
        return any(slot.is_signed or slot.read_at for slot in self.slots)

    @property
    def is_paper(self) -> bool:
        return self.is_done and any(slot.is_paper for slot in self.slots)


@dataclass(frozen=True)
class Progress:
    subjects: tuple[Subject, ...]

    @cached_property
    def signed(self) -> int:
        return sum(subject.is_done for subject in self.subjects)

    @cached_property
    def paper(self) -> int:
        return sum(subject.is_paper for subject in self.subjects)

    @cached_property
    def read(self) -> int:
        """Read, and not signed."""
        return sum(subject.is_read and not subject.is_done for subject in self.subjects)

    @cached_property
    def unread(self) -> int:
        return len(self.subjects) - self.signed - self.read


@transaction.atomic
def open_request(
    *,
    actor: Any,
    purpose: str,
    object_id: Any,
    rule: str = SignatureRequest.Rule.ONE,
    choices: Iterable[Iterable[str]] = (),
    due_on: Any = None,
    slots: Iterable[tuple[Any, Any]],
) -> SignatureRequest:
    """One request for an object, with a slot for each (child, adult). Raises DomainError: already_open."""
    request = SignatureRequest(
        purpose=purpose, object_id=object_id, rule=rule, choices=[list(choice) for choice in choices], due_on=due_on
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("Cette demande est déjà partie."), code="already_open") from error
    made = add_slots((request, subject, signer) for subject, signer in slots)
    record(actor=actor, action="signatures.request_opened", obj=request, purpose=purpose, slots=len(made))
    return request


def add_slots(wanted: Iterable[tuple[SignatureRequest, Any, Any]]) -> list[Slot]:
    """(request, child, adult). Those that are there stay: an adult who comes later gets a place too."""
    slots = (Slot(request=one, subject_id=subject, signer_id=signer) for one, subject, signer in dict.fromkeys(wanted))
    return Slot.objects.bulk_create(slots, ignore_conflicts=True)


def mark_read(*, request: SignatureRequest, signer_id: Any) -> int:
    """The first reading is the one that counts."""
    slots = request.slots.for_signer(signer_id).filter(read_at=None)
    return slots.update(read_at=timezone.now(), updated_at=timezone.now())


@transaction.atomic
def sign(*, actor: Any, slot: Slot, answer: str = "", comment: str = "") -> Slot:
    """Sign, even late, or change one's answer until the due date. DomainError: closed, too_late, unknown_answer.

    The slot holds the answer that counts; the audit keeps those before.
    """
    request = _open(slot.request_id)
    _check_answer(request, answer)
    slot = Slot.objects.select_for_update().get(pk=slot.pk)
    if slot.is_signed and not slot.is_paper and (slot.answer, slot.comment) == (answer, comment):
        return slot  # two clicks
    if slot.is_signed and request.due_on and request.due_on < timezone.localdate():
        raise DomainError(_("La date est passée : votre réponse ne se modifie plus."), code="too_late")
    before = slot.answer
    slot.signed_at, slot.signed_by, slot.is_paper = timezone.now(), actor, False
    slot.read_at = slot.read_at or slot.signed_at
    slot.answer, slot.comment = answer, comment
    slot.save()
    record(actor=actor, action="signatures.signed", obj=slot, answer=answer, before=before)
    return slot


@transaction.atomic
def record_paper(
    *, actor: Any, request: SignatureRequest, subject_id: Any, answer: str = "", signer_id: Any = None
) -> list[Slot]:
    """A coupon signed by hand stands for the adults of the child who have not signed, or for one of them."""
    request = _open(request.pk)
    _check_answer(request, answer)
    waiting = request.slots.unsigned().filter(subject_id=subject_id).select_for_update().order_by("pk")
    slots = list(waiting.for_signer(signer_id) if signer_id else waiting)
    if not slots:
        raise DomainError(_("Cette réponse est déjà enregistrée."), code="already_signed")
    for slot in slots:
        slot.signed_at, slot.signed_by, slot.is_paper, slot.answer = timezone.now(), actor, True, answer
        slot.save()
    record(actor=actor, action="signatures.paper_recorded", obj=request, subject=str(subject_id), answer=answer)
    return slots


@transaction.atomic
def restate(*, request: SignatureRequest, due_on: date | None) -> None:
    """What is asked was put right before anybody signed: who read it has to read again.

    Raises DomainError: closed, already_signed.
    """
    locked = _open(request.pk)
    if locked.slots.filter(signed_at__isnull=False).exists():
        raise DomainError(_("Quelqu’un vient de signer : ce mot ne se corrige plus."), code="already_signed")
    locked.due_on = due_on
    locked.save(update_fields=["due_on", "updated_at"])
    locked.slots.update(read_at=None, updated_at=timezone.now())


@transaction.atomic
def close(*, actor: Any, request: SignatureRequest) -> None:
    """Nobody signs any more. A second time changes nothing."""
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if locked.is_open:
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_at", "updated_at"])
        record(actor=actor, action="signatures.request_closed", obj=locked)
    request.closed_at = locked.closed_at


def progress(request: SignatureRequest) -> Progress:
    """One query, however many children."""
    return progress_of([request])[request.pk]


def progress_of(requests: Iterable[SignatureRequest]) -> dict[Any, Progress]:
    """By request; one query for all of them, however many children."""
    requests = list(requests)
    found: dict[Any, dict[Any, list[Slot]]] = {request.pk: {} for request in requests}
    for slot in Slot.objects.filter(request__in=requests).order_by("request", "subject_id", "signer_id"):
        found[slot.request_id].setdefault(slot.subject_id, []).append(slot)
    return {
        request.pk: Progress(tuple(Subject(pk, tuple(slots), request.rule) for pk, slots in found[request.pk].items()))
        for request in requests
    }


def slots_to_remind(request: SignatureRequest, *, on: date) -> list[Slot]:
    """Those whose signature is still missing for the child, and who were not reminded that day."""
    waiting = [subject for subject in progress(request).subjects if not subject.is_done]
    slots = [slot for subject in waiting for slot in subject.slots if not slot.is_signed]
    return [slot for slot in slots if slot.reminded_at is None or timezone.localdate(slot.reminded_at) < on]


def mark_reminded(slots: Iterable[Slot]) -> int:
    now = timezone.now()
    return Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(reminded_at=now, updated_at=now)


def _open(request_id: Any) -> SignatureRequest:
    """The request, locked. Raises DomainError: closed."""
    request = SignatureRequest.objects.select_for_update().get(pk=request_id)
    if not request.is_open:
        raise DomainError(_("Cette demande est close : elle ne se signe plus."), code="closed")
    return request


def _check_answer(request: SignatureRequest, answer: str) -> None:
    allowed = {value for value, _label in request.choices}
    if (allowed and answer not in allowed) or (not allowed and answer):
        raise DomainError(_("Choisissez une réponse avant de signer."), code="unknown_answer")
