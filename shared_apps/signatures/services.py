"""Asking, reading, signing, counting. Who may do it is the caller's rule; what is consistent is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
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
    """One request for an object, with a slot for each (child, adult)."""
    request = SignatureRequest.objects.create(
        purpose=purpose, object_id=object_id, rule=rule, choices=[list(choice) for choice in choices], due_on=due_on
    )
    Slot.objects.bulk_create(
        Slot(request=request, subject_id=subject, signer_id=signer) for subject, signer in dict.fromkeys(slots)
    )
    record(actor=actor, action="signatures.request_opened", obj=request, purpose=purpose)
    return request


def mark_read(*, request: SignatureRequest, signer_id: Any) -> int:
    """The first reading is the one that counts."""
    slots = request.slots.for_signer(signer_id).filter(read_at=None)
    return slots.update(read_at=timezone.now(), updated_at=timezone.now())


@transaction.atomic
def sign(*, actor: Any, slot: Slot, answer: str = "", comment: str = "") -> Slot:
    """Sign, or change one's answer until the due date. Raises DomainError: closed, too_late, unknown_answer."""
    slot = Slot.objects.select_related("request").select_for_update(of=("self",)).get(pk=slot.pk)
    _check_is_open(slot.request)
    _check_answer(slot.request, answer)
    if slot.is_signed and slot.request.due_on and slot.request.due_on < timezone.localdate():
        raise DomainError(_("La date est passée : votre réponse ne se modifie plus."), code="too_late")
    before = slot.answer
    slot.signed_at, slot.signed_by, slot.is_paper = timezone.now(), actor, False
    slot.read_at = slot.read_at or slot.signed_at
    slot.answer, slot.comment = answer, comment
    slot.save()
    record(actor=actor, action="signatures.signed", obj=slot, answer=answer, before=before)
    return slot


@transaction.atomic
def record_paper(*, actor: Any, request: SignatureRequest, subject_id: Any, answer: str = "") -> list[Slot]:
    """A coupon signed by hand stands for all the adults of the child who have not signed."""
    _check_is_open(request)
    _check_answer(request, answer)
    slots = list(request.slots.unsigned().filter(subject_id=subject_id).select_for_update().order_by("pk"))
    if not slots:
        raise DomainError(_("Cette réponse est déjà enregistrée."), code="already_signed")
    for slot in slots:
        slot.signed_at, slot.signed_by, slot.is_paper, slot.answer = timezone.now(), actor, True, answer
        slot.save()
    record(actor=actor, action="signatures.paper_recorded", obj=request, subject=str(subject_id), answer=answer)
    return slots


@transaction.atomic
def close(*, actor: Any, request: SignatureRequest) -> None:
    if request.is_open:
        request.closed_at = timezone.now()
        request.save(update_fields=["closed_at", "updated_at"])
        record(actor=actor, action="signatures.request_closed", obj=request)


def progress(request: SignatureRequest) -> Progress:
    """One query, however many children."""
    by_subject: dict[Any, list[Slot]] = {}
    for slot in request.slots.select_related("request"):
        by_subject.setdefault(slot.subject_id, []).append(slot)
    return Progress(tuple(Subject(pk, tuple(slots), request.rule) for pk, slots in by_subject.items()))


def _check_is_open(request: SignatureRequest) -> None:
    if not request.is_open:
        raise DomainError(_("Cette demande est close : elle ne se signe plus."), code="closed")


def _check_answer(request: SignatureRequest, answer: str) -> None:
    allowed = {value for value, _label in request.choices}
    if (allowed and answer not in allowed) or (not allowed and answer):
        raise DomainError(_("Choisissez une réponse avant de signer."), code="unknown_answer")
