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
from tenant_apps.people.models import Guardianship


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
    notifications.published(outing, request)
    return outing


@transaction.atomic
def sign(*, actor: Any, outing: Outing, slot: Slot, answer: str) -> Slot:
    """For one child; one may change one's mind until the due date."""
    _check(actor, "outings.sign", outing)
    if not slots_visible_to(actor).filter(pk=slot.pk, request__object_id=outing.pk).exists():
        raise PermissionDenied
    return signatures.sign(actor=actor, slot=slot, answer=answer)


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


def _locked(outing: Outing) -> Outing:
    return Outing.objects.select_for_update(of=("self",)).get(pk=outing.pk)


def _check(actor: Any, permission: str, outing: Outing) -> None:
    if not actor.has_perm(permission, outing):
        raise PermissionDenied
