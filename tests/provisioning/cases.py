"""A commune of the reference data whose convention is signed, ready to be opened."""

from datetime import date

from django.utils import timezone

from core.tenancy import in_public
from core.text import sort_key
from shared_apps.accounts.models import User
from shared_apps.onboarding.models import Case, CaseContact, Convention, ConventionSchool, ConventionSignature, Mandate
from shared_apps.reference.models import CalendarDay, RefCommune, RefSchool

Side = ConventionSignature.Side
Role = CaseContact.Role
CARCASSONNE = {"insee": "11069", "name": "Carcassonne", "department_code": "11", "department": "Aude"}
SCHOOLS = [("0110001A", "École maternelle Jules Verne", "nursery"), ("0110002B", "École Jean Jaurès", "elementary")]


def reference(**facts):
    facts = CARCASSONNE | facts
    return RefCommune.objects.create(
        **facts, sort_name=sort_key(facts["name"]), postal_codes="11000", population=46_000, siren="211100696"
    )


def signed_case(*, sides=(Side.COMMUNE, Side.ACADEMY), state=Case.State.SIGNED_BY_BOTH, **facts):
    """In the public schema."""
    with in_public():
        commune = reference(**facts)
        case = Case.objects.create(commune=commune, state=state, state_since=date(2026, 11, 20))
        convention = Convention.objects.create(
            case=case,
            number=f"2026-{Convention.objects.count() + 1:04}",
            template_version="2026.1",
            drafted_on=date(2026, 9, 24),
            deliberation_number="2026-118",
            deliberated_on=date(2026, 10, 15),
        )
        for index, (uai, name, kind) in enumerate(SCHOOLS):
            uai = f"{int(uai[:7]) + 10 * Convention.objects.count():07}{uai[7]}"
            _school(case, convention, uai, name, kind, head=f"Paul{index}")
        CaseContact.objects.create(
            case=case, role=Role.SCHOOL_SERVICE, first_name="Thierry", last_name="Molinier", email="t@mairie.test"
        )
        Mandate.objects.create(
            case=case,
            first_name="Thierry",
            last_name="Molinier",
            email="t@mairie.test",
            sent_to="mairie@carcassonne.test",
            expires_at=timezone.now(),
            answered_at=timezone.now(),
            answered_by="Hélène Castan, maire",
            is_confirmed=True,
        )
        for side in sides:
            ConventionSignature.objects.create(
                convention=convention,
                side=side,
                signer_name="Hélène Castan",
                signer_quality="maire",
                signed_on=date(2026, 11, 9),
                place="Carcassonne",
            )
    return case


def _school(case, convention, uai, name, kind, head):
    school = RefSchool.objects.create(
        uai=uai, name=name, sort_name=sort_key(name), kind=kind, sector="public", commune=case.commune
    )
    ConventionSchool.objects.create(convention=convention, school=school, pupils=120)
    CaseContact.objects.create(
        case=case, role=Role.HEAD, first_name=head, last_name="Ricard-Sola", email=f"{head}@ac.test", school=school
    )


def calendar():
    with in_public():
        CalendarDay.objects.create(
            school_year="2026-2027",
            kind="school_break",
            label="Vacances de Noël",
            starts_on=date(2026, 12, 19),
            ends_on=date(2027, 1, 3),
        )


def staff(*roles):
    """An account of the academy."""
    with in_public():
        user = User.objects.create(identifier="n.bousquet", first_name="Nadia", last_name="Bousquet", password="!")
        for role in roles:
            user.staff_roles.create(role=role)
    return user
