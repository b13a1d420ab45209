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
from shared_apps.files.kinds import PDF, PICTURES
from shared_apps.files.models import StoredFile
from shared_apps.files.services import store
from shared_apps.notifications import outbox
from shared_apps.onboarding import texts
from shared_apps.onboarding.models import Case, Convention, ConventionSchool, ConventionSignature, SignatoryParty
from shared_apps.onboarding.services.cases import lock, refuse_future
from shared_apps.onboarding.services.states import move
from shared_apps.reference.models import RefSchool

State = Case.State
Side = ConventionSignature.Side
Kind = Convention.Kind
SCAN = "onboarding.scan"  # purpose of the file
ANNEX_CHANGED = "onboarding.annex_changed"  # kind of effect: `provisioning` opens the schools that are new
IN_SERVICE = (State.OPEN, State.TO_RENEW)


def draft_convention(
    *,
    actor: Any,
    case: Case,
    uais: Iterable[str],
    drafted_on: date | None = None,
    party: SignatoryParty | None = None,
    term_months: int = Convention.TERM_MONTHS,
    renewal: str = Convention.Renewal.TACIT,
) -> Convention:
    """Write the convention, or write it anew as long as the council has not deliberated. `party` signs for it."""
    drafted_on = drafted_on or timezone.localdate()
    refuse_future(drafted_on)
    with transaction.atomic():
        case = lock(case)
        schools = public_schools(case, uais)
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
        convention.drafted_on, convention.party = drafted_on, party
        convention.term_months, convention.renewal = term_months, renewal
        convention.template_version = texts.current(Kind.INITIAL).version
        convention.save(
            update_fields=["drafted_on", "party", "term_months", "renewal", "template_version", "updated_at"]
        )
        audit.record(actor=actor, action="onboarding.convention_drafted", obj=convention, schools=len(schools))
    return convention


def _create(actor: Any, case: Case, drafted_on: date) -> Convention:
    version = texts.current(Kind.INITIAL).version
    detail = _("modèle %(version)s") % {"version": version}
    move(actor=actor, case=case, to=State.DRAFTED, on=drafted_on, detail=detail)
    return Convention.objects.create(
        case=case, number=next_number(drafted_on.year), template_version=version, drafted_on=drafted_on
    )


def next_number(year: int) -> str:
    """« 2026-0385 » after « 2026-0384 »; two officers wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["convention numbers"])
    last = Convention.objects.filter(number__startswith=f"{year}-").aggregate(last=Max("number"))["last"]
    return f"{year}-{int(last[5:]) + 1 if last else 1:04}"


def public_schools(case: Case, uais: Iterable[str]) -> list[RefSchool]:
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


def record_deliberation(
    *, actor: Any, case: Case, number: str, on: date, convention: Convention | None = None
) -> Convention:
    """The council's vote, which lets the mayor sign (code général des collectivités territoriales, L2121-29).

    That of an amendment changes nothing in the case. Raises DomainError: before_draft, wrong_state, already_signed.
    """
    refuse_future(on)
    with transaction.atomic():
        case = lock(case)
        convention = convention or _convention_of(case)
        if on < convention.drafted_on:
            raise DomainError(_("La délibération ne peut pas précéder le projet de convention."), code="before_draft")
        if convention.signatures.exists():
            raise DomainError(_("La délibération précède la signature."), code="already_signed")
        if not convention.is_amendment:
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
    convention: Convention | None = None,
    is_electronic: bool = False,
) -> ConventionSignature:
    """One side has signed: on paper, whose `scan` is kept, or on the platform (`signing`).

    The second signature is what unlocks the opening; that of an amendment opens the schools it adds.
    """
    refuse_future(signed_on)
    with transaction.atomic():
        case = lock(case)
        convention = convention or _convention_of(case)
        check_turn(convention, side, signed_on)
        if convention.is_electronic and not is_electronic:
            raise DomainError(
                _("La commune a signé en ligne : l’académie signe en ligne, sur le même fichier."), code="signed_online"
            )
        signature = ConventionSignature.objects.create(
            convention=convention,
            side=side,
            signer_name=signer_name,
            signer_quality=signer_quality,
            signed_on=signed_on,
            place=place,
            recorded_by=actor,
            scan=keep_scan(actor, convention, scan) if scan else None,
            is_electronic=is_electronic,
        )
        _follow(actor, case, convention, signature)
        how = "online" if is_electronic else "paper"
        audit.record(actor=actor, action="onboarding.signature_recorded", obj=convention, side=str(side), how=how)
    return signature


def keep_scan(actor: Any, convention: Convention, scan: Any) -> StoredFile:
    """The signed paper, as it was given; one kept before stays as it is."""
    if isinstance(scan, StoredFile):
        return scan
    return store(actor=actor, upload=scan, purpose=SCAN, object_id=convention.pk, kinds={PDF, *PICTURES})


def _follow(actor: Any, case: Case, convention: Convention, signature: ConventionSignature) -> None:
    """The case moves, the term begins; a link sent before serves no more; an amendment’s schools open with the rest."""
    live = convention.invitations.filter(used_at=None, revoked_at=None)
    if not signature.is_electronic:
        live.update(revoked_at=timezone.now(), updated_at=timezone.now())
    if not convention.is_amendment:
        reached = State.SIGNED_BY_COMMUNE if signature.side == Side.COMMUNE else State.SIGNED_BY_BOTH
        detail = f"{signature.signer_name}, {signature.signer_quality}"[:200]
        move(actor=actor, case=case, to=reached, on=signature.signed_on, detail=detail)
        if reached == State.SIGNED_BY_BOTH:
            convention.begin(max(convention.signatures.values_list("signed_on", flat=True)))
            convention.save(update_fields=["starts_on", "ends_on", "updated_at"])
    elif signature.side == Side.ACADEMY and case.state in IN_SERVICE:
        outbox.put(ANNEX_CHANGED, key=f"annex:{convention.pk}", payload={"insee": case.insee})


def _convention_of(case: Case) -> Convention:
    convention = Convention.objects.filter(case=case, kind=Convention.Kind.INITIAL).first()
    if convention is None:
        raise DomainError(
            _("%(commune)s n’a pas de convention : rédigez-la d’abord.") % {"commune": case.commune.name},
            code="no_convention",
        )
    return convention


def check_turn(convention: Convention, side: str, signed_on: date) -> None:
    """Nonsense is refused: twice the same side, before the vote, the académie before the commune.

    An amendment needs a vote only where its council asks for one.
    """
    signed = {s.side for s in convention.signatures.all()}
    if side in signed:
        raise DomainError(
            _("La signature de la commune est déjà enregistrée.")
            if side == Side.COMMUNE
            else _("La signature de l’académie est déjà enregistrée."),
            code="already_signed",
        )
    if convention.deliberated_on is None and not convention.is_amendment:
        raise DomainError(
            _("Le conseil municipal n’a pas encore délibéré : enregistrez d’abord la délibération."),
            code="not_deliberated",
        )
    if convention.deliberated_on and signed_on < convention.deliberated_on:
        raise DomainError(_("Cette date précède la délibération du conseil municipal."), code="before_deliberation")
    if signed_on < convention.drafted_on:
        raise DomainError(_("Cette date précède le projet."), code="before_draft")
    if side == Side.ACADEMY and Side.COMMUNE not in signed:
        raise DomainError(
            _("La commune signe d’abord : enregistrez la signature du maire."), code="commune_signs_first"
        )
