"""What happens to an outing. Each verb is one function: it checks, writes, leaves an audit entry, plans its effects."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.outings import notifications
from tenant_apps.outings.models import Companion, Outing
from tenant_apps.outings.querysets import PURPOSE, slots_visible_to
from tenant_apps.people.models import Enrollment, Guardianship, Pupil


@transaction.atomic
def save_draft(*, actor: Any, outing: Outing) -> Outing:
    if outing._state.adding:
        outing.author = actor
    else:
        _check(actor, "outings.change", _locked(outing))
    _check(actor, "outings.write", outing)
    outing.save()
    return outing


@transaction.atomic
def publish(*, actor: Any, outing: Outing) -> Outing:
    """Asks each guardian of the class, for each child: who signs is fixed now."""
    outing = _locked(outing)
    _check(actor, "outings.change", outing)
    if outing.due_on < timezone.localdate():
        raise DomainError(_("La date de réponse est passée : changez-la."))
    links = Guardianship.objects.informed().of_classes([outing.school_class_id])
    slots = list(links.values_list("pupil_id", "guardian_id"))
    if not slots:
        raise DomainError(_("Personne ne recevrait cette sortie : aucun responsable n’est connu pour cette classe."))
    outing.published_at = timezone.now()
    outing.save(update_fields=["published_at", "updated_at"])
    rule = SignatureRequest.Rule.EACH if outing.needs_each_guardian else SignatureRequest.Rule.ONE
    choices = [[value, str(label)] for value, label in Outing.CHOICES]
    request = signatures.open_request(
        actor=actor,
        purpose=PURPOSE,
        object_id=outing.pk,
        rule=rule,
        choices=choices,
        due_on=outing.due_on,
        slots=slots,
    )
    record(actor=actor, action="outings.published", obj=outing, slots=len(slots))
    notifications.asked(outing, request.slots.all(), occasion="published")
    notifications.plan_reminder(outing)
    return outing


@transaction.atomic
def read(*, actor: Any, outing: Outing) -> None:
    """A guardian opened it: the first reading, for each of their children, is the one that counts."""
    now = timezone.now()
    mine = slots_visible_to(actor).filter(request__object_id=outing.pk, read_at=None)
    mine.update(read_at=now, updated_at=now)


@transaction.atomic
def sign(*, actor: Any, outing: Outing, slot: Slot, answer: str) -> Slot:
    """For one child; one may change one's mind until the due date."""
    _check(actor, "outings.sign", outing)
    if not slots_visible_to(actor).filter(pk=slot.pk, request__object_id=outing.pk).exists():
        raise PermissionDenied
    return signatures.sign(actor=actor, slot=slot, answer=answer)


@transaction.atomic
def record_paper(*, actor: Any, outing: Outing, pupil: Pupil, answer: str, signer_id: Any = None) -> None:
    """The authorisation came back on paper. Where each adult must sign, it stands for the one who signed it."""
    _check(actor, "outings.settle", outing)
    if not Enrollment.objects.on().filter(pupil=pupil, school_class=outing.school_class_id).exists():
        raise PermissionDenied
    if outing.needs_each_guardian and signer_id is None:
        raise DomainError(_("Dites quel responsable a signé le papier."))
    facts = {"subject_id": pupil.pk, "answer": answer, "signer_id": signer_id}
    signatures.record_paper(actor=actor, request=request_of(outing), **facts)


@transaction.atomic
def remind(*, actor: Any, outing: Outing) -> int:
    """Ask the families of those who came to the class since, and tell again those whose signature is missing, at most
    once a day each. Returns how many are told.
    """
    outing = _locked(outing)
    _check(actor, "outings.settle", outing)
    return _remind(outing, actor)


@transaction.atomic
def remind_before_due(payload: dict[str, Any]) -> None:
    """As it is now: called off, or its date gone by, nobody is told."""
    outing = Outing.objects.filter(pk=payload["outing"], withdrawn_at=None).select_for_update(of=("self",)).first()
    if outing and outing.due_on >= timezone.localdate():
        _remind(outing, None)


@transaction.atomic
def withdraw(*, actor: Any, outing: Outing, word: str) -> Outing:
    """Called off: nobody signs any more, and each guardian who was asked learns why."""
    outing = _locked(outing)
    _check(actor, "outings.settle", outing)
    if not word.strip():
        raise DomainError(_("Dites aux familles pourquoi la sortie est annulée."))
    outing.withdrawn_at, outing.withdrawal = timezone.now(), word.strip()[:300]
    outing.save(update_fields=["withdrawn_at", "withdrawal", "updated_at"])
    request = request_of(outing)
    signatures.close(actor=actor, request=request)
    record(actor=actor, action="outings.withdrawn", obj=outing)
    notifications.withdrawn(outing, request.slots.all())
    return outing


@transaction.atomic
def come_along(*, actor: Any, outing: Outing, comes: bool) -> None:
    """Offer to accompany, as long as there is a place; or not any more."""
    outing = _locked(outing)
    _check(actor, "outings.come_along", outing)
    mine = outing.companions.filter(account=actor)
    if not comes:
        mine.delete()
    elif not mine.exists():
        if outing.companions.count() >= outing.companions_wanted:
            raise DomainError(_("Il y a déjà assez d’accompagnateurs. Merci de l’avoir proposé."), code="full")
        Companion.objects.create(outing=outing, account=actor)
    record(actor=actor, action="outings.companion_came" if comes else "outings.companion_left", obj=outing)


def request_of(outing: Outing) -> SignatureRequest:
    return SignatureRequest.objects.for_object(PURPOSE, outing.pk).get()


def _remind(outing: Outing, actor: Any) -> int:
    today, request = timezone.localdate(), request_of(outing)
    _ask_newcomers(outing, request)
    slots = signatures.slots_to_remind(request, on=today)
    if slots:
        signatures.mark_reminded(slots)
        record(actor=actor, action="outings.reminded", obj=outing, adults=len(slots))
        notifications.asked(outing, slots, occasion=f"reminded:{today}")
    return len(slots)


def _ask_newcomers(outing: Outing, request: SignatureRequest) -> None:
    """Children of the class of today of whom nobody was asked. For the others, who signs was fixed when it was sent."""
    links = Guardianship.objects.informed().of_classes([outing.school_class_id])
    new = links.exclude(pupil__in=request.slots.values("subject_id")).values_list("pupil_id", "guardian_id")
    signatures.add_slots((request, pupil, guardian) for pupil, guardian in new)


def _locked(outing: Outing) -> Outing:
    return Outing.objects.select_for_update(of=("self",)).get(pk=outing.pk)


def _check(actor: Any, permission: str, outing: Outing) -> None:
    if not actor.has_perm(permission, outing):
        raise PermissionDenied
