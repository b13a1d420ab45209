"""What `provisioning` asks of the academy before a commune is born, and tells it afterwards."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.words import day as in_words
from shared_apps.onboarding.models import Case, CaseContact
from shared_apps.onboarding.services.mandates import is_proven, mandate_of
from shared_apps.onboarding.services.states import move
from shared_apps.reference.models import RefCommune, RefSchool

State = Case.State


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    uai: str
    name: str
    kind: str  # nursery | elementary | primary | special
    address: str
    postal_code: str
    pupils: int | None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    role: str  # mayor | school_service | head
    first_name: str
    last_name: str
    email: str
    uai: str = ""  # the head's school


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """All that an opening needs, read once: nothing of the public schema is read later."""

    insee: str
    name: str
    department_code: str
    department: str
    population: int
    convention_number: str
    in_force_on: date
    schools: tuple[SchoolFacts, ...]
    contacts: tuple[ContactFacts, ...]

    @property
    def uais(self) -> tuple[str, ...]:
        return tuple(school.uai for school in self.schools)

    def contact(self, role: str, uai: str = "") -> ContactFacts | None:
        return next((c for c in self.contacts if c.role == role and c.uai == uai), None)


def facts_for_opening(insee: str) -> OpeningFacts:
    """Raises `DomainError`: unknown_commune, no_convention, not_signed, one_side_only, already_over, already_open,
    wrong_state, mandate_unproven.
    """
    commune = RefCommune.objects.current().filter(insee=insee).first()
    if commune is None:
        raise DomainError(
            _("La commune %(insee)s n’est pas dans le référentiel de l’académie.") % {"insee": insee},
            code="unknown_commune",
        )
    case = Case.objects.for_commune(insee).with_signed_text().first()
    convention = case.convention if case else None
    if case is None or convention is None:
        raise DomainError(
            _("%(commune)s n’a pas de convention : rédigez-la d’abord.") % {"commune": commune.name},
            code="no_convention",
        )
    _check_signed(commune, convention)
    _check_state(commune, case)
    _check_term(commune, convention)
    _check_mandate(commune, case)
    return _facts(commune, case, convention)


def _check_signed(commune: RefCommune, convention: Any) -> None:
    words = {"number": convention.number, "commune": commune.name}
    if not convention.is_signed:
        raise DomainError(
            _("La convention n° %(number)s de %(commune)s n’est signée par personne.") % words, code="not_signed"
        )
    if convention.academy_signature is None:
        raise DomainError(
            _("La convention n° %(number)s est signée par la commune, pas encore par l’académie.") % words,
            code="one_side_only",
        )


def _check_term(commune: RefCommune, convention: Any) -> None:
    """Recorded late, it may be over already: it would open for one night."""
    if convention.is_over:
        words = {"number": convention.number, "commune": commune.name, "day": in_words(convention.ends_on)}
        raise DomainError(
            _(
                "La convention n° %(number)s de %(commune)s a pris fin le %(day)s : enregistrez sa reconduction, puis "
                "ouvrez."
            )
            % words,
            code="already_over",
        )


def _check_state(commune: RefCommune, case: Case) -> None:
    if case.state == State.OPEN:
        raise DomainError(_("%(commune)s est déjà ouverte.") % {"commune": commune.name}, code="already_open")
    if case.state not in {State.SIGNED_BY_BOTH, State.PROVISIONING}:
        raise DomainError(
            _("%(commune)s ne peut pas être ouverte : son dossier est à l’état « %(state)s ».")
            % {"commune": commune.name, "state": case.get_state_display()},
            code="wrong_state",
        )


def _check_mandate(commune: RefCommune, case: Case) -> None:
    """The opening gives the delegate an account that acts for the town."""
    if not is_proven(case):
        delegate, _mandate = mandate_of(case)
        raise DomainError(
            _("La mairie de %(commune)s n’a pas confirmé que %(name)s la représente : ouvrez quand elle aura répondu.")
            % {"commune": commune.name, "name": delegate},
            code="mandate_unproven",
        )


def facts_in_service(insee: str) -> OpeningFacts:
    """The annex as it stands and the contacts, of a commune that is open: for the schools of an amendment."""
    case = Case.objects.for_commune(insee).with_signed_text().get()
    return _facts(case.commune, case, case.convention)


def _facts(commune: RefCommune, case: Case, convention: Any) -> OpeningFacts:
    return OpeningFacts(
        insee=commune.insee,
        name=commune.name,
        department_code=commune.department_code,
        department=commune.department,
        population=commune.population,
        convention_number=convention.number,
        in_force_on=convention.in_force_on,
        schools=tuple(_school_facts(annexed.school) for annexed in case.annexed),
        contacts=tuple(_contact_facts(contact) for contact in case.contacts.all()),
    )


def _school_facts(school: RefSchool) -> SchoolFacts:
    address = ", ".join(filter(None, [school.address, school.address_extra]))
    return SchoolFacts(school.uai, school.name, school.kind, address, school.postal_code, school.pupils)


def _contact_facts(contact: CaseContact) -> ContactFacts:
    return ContactFacts(contact.role, contact.first_name, contact.last_name, contact.email, contact.school_id or "")


def mark_provisioning(*, actor: Any, insee: str) -> Case:
    """The opening has begun. Repeating it changes nothing (resume)."""
    with transaction.atomic():
        case = Case.objects.for_commune(insee).select_for_update().get()
        if case.state != State.PROVISIONING:
            move(actor=actor, case=case, to=State.PROVISIONING, on=timezone.localdate())
    return case


def mark_open(*, actor: Any, insee: str) -> Case:
    """The address is attached: people can come in. Repeating it changes nothing."""
    with transaction.atomic():
        case = Case.objects.for_commune(insee).select_for_update().get()
        if case.state != State.OPEN:
            move(actor=actor, case=case, to=State.OPEN, on=timezone.localdate())
    return case
