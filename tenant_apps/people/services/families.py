"""What links adults to children (code civil, art. 371-1 and following, for the parental authority)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.people.covers import separate_siblings
from tenant_apps.people.models import Guardianship, Person, PickupPerson, Pupil
from tenant_apps.people.services.persons import add_person, check

CHANGEABLE = ("kinship", "has_parental_authority", "is_home", "is_payer", "may_collect", "contact_order")


@transaction.atomic
def link_guardian(*, actor: Any, pupil: Pupil, guardian: Person, **facts: Any) -> Guardianship:
    """A link that was ended opens again. `facts`: the columns of `CHANGEABLE`."""
    check(actor, "people.manage_pupil", pupil)
    if pupil.person_id == guardian.pk:
        raise DomainError(_("Un enfant n’est pas son propre responsable."), code="own_guardian")
    facts.setdefault("contact_order", 1 + pupil.guardianships.count())
    link, is_new = Guardianship.objects.get_or_create(pupil=pupil, guardian=guardian, defaults=facts)
    if not is_new:
        if link.ended_on is None:
            raise DomainError(_("Cette personne est déjà responsable de cet enfant."), code="already_linked")
        _write(link, facts | {"ended_on": None})
    separate_siblings([pupil.pk])
    record(actor=actor, action="people.guardian_linked", obj=link)
    return link


@transaction.atomic
def change_guardianship(*, actor: Any, guardianship: Guardianship, **facts: Any) -> Guardianship:
    """Effective at the next request: who loses the parental authority no longer sees what the school writes."""
    strange = facts.keys() - set(CHANGEABLE)
    if strange:
        raise TypeError(f"Not columns of a guardianship that one may change: {sorted(strange)}")
    guardianship = _locked(guardianship)
    check(actor, "people.manage_pupil", guardianship.pupil)
    changed = {name: value for name, value in facts.items() if getattr(guardianship, name) != value}
    if changed:
        _write(guardianship, changed)
        codes = {name: value for name, value in changed.items() if isinstance(value, bool)}
        record(actor=actor, action="people.guardianship_changed", obj=guardianship, fields=sorted(changed), **codes)
    return guardianship


@transaction.atomic
def end_guardianship(*, actor: Any, guardianship: Guardianship, on: date | None = None) -> Guardianship:
    """This adult no longer answers for this child. An import never opens the link again: a person does."""
    guardianship = _locked(guardianship)
    check(actor, "people.manage_pupil", guardianship.pupil)
    if guardianship.ended_on is not None:
        raise DomainError(_("Ce lien est déjà terminé."), code="already_ended")
    _write(guardianship, {"ended_on": on or timezone.localdate()})
    record(actor=actor, action="people.guardianship_ended", obj=guardianship)
    return guardianship


@transaction.atomic
def undo_end_of_guardianship(*, actor: Any, guardianship: Guardianship) -> Guardianship:
    """The link as it was, when it was ended by mistake."""
    guardianship = _locked(guardianship)
    check(actor, "people.manage_pupil", guardianship.pupil)
    if guardianship.ended_on is None:
        raise DomainError(_("Cette personne est déjà responsable de cet enfant."), code="already_linked")
    _write(guardianship, {"ended_on": None})
    record(actor=actor, action="people.guardian_linked", obj=guardianship)
    return guardianship


@transaction.atomic
def add_guardian(*, actor: Any, pupil: Pupil, names: dict[str, Any], **facts: Any) -> Guardianship:
    """An adult the directory doesn't know, with an account, linked to the child."""
    check(actor, "people.manage_pupil", pupil)
    person = add_person(actor=actor, **names)
    return link_guardian(actor=actor, pupil=pupil, guardian=person, **facts)


@transaction.atomic
def add_pickup(*, actor: Any, pupil: Pupil, starts_on: date | None = None, **facts: Any) -> PickupPerson:
    """A guardian with the authority, or the head, says who else may come for the child."""
    check(actor, "people.manage_pickups", pupil)
    starts_on = starts_on or timezone.localdate()
    if facts.get("ends_on") is not None and facts["ends_on"] <= starts_on:
        raise DomainError(_("La fin doit venir après le début."), code="ends_before")
    pickup = PickupPerson.objects.create(pupil=pupil, starts_on=starts_on, added_by=actor, **facts)
    record(actor=actor, action="people.pickup_added", obj=pickup, pupil=str(pupil.pk))
    return pickup


@transaction.atomic
def end_pickup(*, actor: Any, pickup: PickupPerson) -> PickupPerson:
    """Effective today; one that had not begun never begins."""
    pickup = PickupPerson.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=pickup.pk)
    check(actor, "people.manage_pickups", pickup.pupil)
    pickup.ends_on = max(timezone.localdate(), pickup.starts_on)
    pickup.save(update_fields=["ends_on", "updated_at"])
    record(actor=actor, action="people.pickup_ended", obj=pickup, pupil=str(pickup.pupil_id))
    return pickup


def _locked(link: Guardianship) -> Guardianship:
    """As it is now: a form has already changed the caller's copy."""
    return Guardianship.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=link.pk)


def _write(link: Guardianship, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(link, name, value)
    link.save(update_fields=[*facts, "updated_at"])
