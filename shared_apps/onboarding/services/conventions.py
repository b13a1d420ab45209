"""The convention: drafted with its annex of schools, deliberated, signed by the mayor, then by the recteur."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.onboarding.models import Case, Convention, ConventionSchool, ConventionSignature
from shared_apps.onboarding.services.cases import lock, refuse_future
from shared_apps.onboarding.services.states import move
from shared_apps.reference.models import RefSchool

State = Case.State
Side = ConventionSignature.Side
TEMPLATE_VERSION = "2026.1"


def draft_convention(*, actor: Any, case: Case, uais: Iterable[str], drafted_on: date | None = None) -> Convention:
    """Write the convention, or write it anew as long as the council has not deliberated."""
    drafted_on = drafted_on or timezone.localdate()
    refuse_future(drafted_on)
    with transaction.atomic():
        case = lock(case)
        schools = _public_schools(case, uais)
        convention = Convention.objects.filter(case=case, kind=Convention.Kind.INITIAL).first()
        if convention is None:
            convention = _create(actor, case, drafted_on)
        elif case.state != State.DRAFTED:
            raise DomainError(
                _("Le conseil municipal a délibéré sur ce texte : les écoles s’ajoutent par avenant."),
                code="already_deliberated",
            )
        convention.annexed_schools.all().delete()
        ConventionSchool.objects.bulk_create(
            ConventionSchool(convention=convention, school=school, pupils=school.pupils) for school in schools
        )
        Convention.objects.filter(pk=convention.pk).update(drafted_on=drafted_on, updated_at=timezone.now())
        convention.drafted_on = drafted_on
        audit.record(actor=actor, action="onboarding.convention_drafted", obj=convention, schools=len(schools))
    return convention


def _create(actor: Any, case: Case, drafted_on: date) -> Convention:
    move(
        actor=actor,
        case=case,
        to=State.DRAFTED,
        on=drafted_on,
        detail=_("modèle %(version)s") % {"version": TEMPLATE_VERSION},
    )
    return Convention.objects.create(
        case=case, number=_next_number(drafted_on.year), template_version=TEMPLATE_VERSION, drafted_on=drafted_on
    )


def _next_number(year: int) -> str:
    """« 2026-0385 » after « 2026-0384 »; two officers wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["convention numbers"])
    last = Convention.objects.filter(number__startswith=f"{year}-").aggregate(last=Max("number"))["last"]
    return f"{year}-{int(last[5:]) + 1 if last else 1:04}"


def _public_schools(case: Case, uais: Iterable[str]) -> list[RefSchool]:
    wanted = sorted(set(uais))
    if not wanted:
        raise DomainError(_("Choisissez au moins une école."), code="no_school")
    found = {s.uai: s for s in RefSchool.objects.current().public().of_commune(case.insee).filter(uai__in=wanted)}
    for uai in wanted:
        if uai not in found:
            raise DomainError(
                _("%(uai)s n’est pas une école publique de %(commune)s.") % {"uai": uai, "commune": case.commune.name},
                code="not_a_school_of_the_commune",
            )
    return list(found.values())


def record_deliberation(*, actor: Any, case: Case, number: str, on: date) -> Convention:
    """The council's vote, which lets the mayor sign (code général des collectivités territoriales, L2121-29)."""
    refuse_future(on)
    with transaction.atomic():
        case = lock(case)
        convention = _convention_of(case)
        if on < convention.drafted_on:
            raise DomainError(_("La délibération ne peut pas précéder le projet de convention."), code="before_draft")
        detail = _("conseil municipal, n° %(number)s") % {"number": number}
        move(actor=actor, case=case, to=State.DELIBERATED, on=on, detail=detail)
        convention.deliberation_number, convention.deliberated_on = number, on
        convention.save(update_fields=["deliberation_number", "deliberated_on", "updated_at"])
        audit.record(actor=actor, action="onboarding.deliberation_recorded", obj=convention)
    return convention


def record_signature(
    *,
    actor: Any,
    case: Case,
    side: str,
    signer_name: str,
    signer_quality: str,
    signed_on: date,
    place: str,
    scan: Any = None,
) -> ConventionSignature:
    """One side has signed on paper. The second signature is what unlocks the opening."""
    refuse_future(signed_on)
    with transaction.atomic():
        case = lock(case)
        convention = _convention_of(case)
        _check_turn(case, convention, side, signed_on)
        signature = ConventionSignature.objects.create(
            convention=convention,
            side=side,
            signer_name=signer_name,
            signer_quality=signer_quality,
            signed_on=signed_on,
            place=place,
            recorded_by=actor,
            scan=scan,
        )
        reached = State.SIGNED_BY_COMMUNE if side == Side.COMMUNE else State.SIGNED_BY_BOTH
        detail = f"{signer_name}, {signer_quality}"
        move(actor=actor, case=case, to=reached, on=signed_on, detail=detail[:200])
        audit.record(actor=actor, action="onboarding.signature_recorded", obj=convention, side=str(side))
    return signature


def _convention_of(case: Case) -> Convention:
    convention = Convention.objects.filter(case=case, kind=Convention.Kind.INITIAL).first()
    if convention is None:
        raise DomainError(
            _("%(commune)s n’a pas de convention : rédigez-la d’abord.") % {"commune": case.commune.name},
            code="no_convention",
        )
    return convention


def _check_turn(case: Case, convention: Convention, side: str, signed_on: date) -> None:
    """Nonsense is refused: twice the same side, before the vote, the académie before the commune."""
    signed = {s.side for s in convention.signatures.all()}
    if side in signed:
        raise DomainError(
            _("La signature de la commune est déjà enregistrée.")
            if side == Side.COMMUNE
            else _("La signature de l’académie est déjà enregistrée."),
            code="already_signed",
        )
    if convention.deliberated_on is None:
        raise DomainError(
            _("Le conseil municipal n’a pas encore délibéré : enregistrez d’abord la délibération."),
            code="not_deliberated",
        )
    if signed_on < convention.deliberated_on:
        raise DomainError(_("Cette date précède la délibération du conseil municipal."), code="before_deliberation")
    if side == Side.ACADEMY and Side.COMMUNE not in signed:
        raise DomainError(
            _("La commune signe d’abord : enregistrez la signature du maire."), code="commune_signs_first"
        )
