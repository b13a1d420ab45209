"""Camille works for the RASED at Narbonne and at Lézignan; the schools of the académie exist in both communes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import ExternalIdentity
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.mobility import services
from shared_apps.mobility.following import follow
from shared_apps.mobility.models import MovingStaff
from shared_apps.reference.models import RefSchool
from tenant_apps.schools.models import School, SchoolClass
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.links.browser import Device
from tests.tenant_apps.links.conftest import accept_charter

ACADEMY, NARBONNE, LEZIGNAN = "academie.localhost", "narbonne.localhost", "lezignan-corbieres.localhost"
LAKANAL, MISTRAL = "0110427E", "0110357D"
SCHEMAS = {LAKANAL: "c_11262", MISTRAL: "c_11203"}


def today(days: int = 0) -> Any:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def officer(reference: None) -> Any:
    return academy.staff()


@pytest.fixture
def rooms(narbonne: Any, lezignan: Any) -> dict[str, Any]:
    """The class of each school, by UAI."""
    found = {}
    for uai, schema in SCHEMAS.items():
        with in_schema(schema):
            found[uai] = factories.classroom(uai=uai)
    return found


@pytest.fixture
def camille(officer: Any, rooms: dict[str, Any]) -> MovingStaff:
    return services.add_staff(actor=officer, first_name="Camille", last_name="Fabre", email="camille@ac.example")


def post(officer: Any, staff: MovingStaff, *uais: str, role: str = "rased", first: int = 0, end: int = 30) -> Any:
    """`end`: the first day without it, counted from today."""
    with in_public():
        schools = list(RefSchool.objects.filter(uai__in=uais).order_by("uai"))
        days = {"starts_on": today(first), "ends_on": today(end)}
        made = services.post_staff(actor=officer, staff=staff, schools=schools, role=role, **days)
        follow(staff.pk)
    for schema in {row.commune.schema_name for row in made}:
        with in_schema(schema):
            for identity in ExternalIdentity.objects.filter(subject=str(staff.pk)):
                accept_charter(identity.user)
    return made


@pytest.fixture
def posted(officer: Any, camille: MovingStaff) -> list[Any]:
    """At Narbonne, then at Lézignan."""
    made = post(officer, camille, LAKANAL, MISTRAL)
    return sorted(made, key=lambda row: row.commune.name, reverse=True)


@pytest.fixture
def laptop(camille: MovingStaff) -> Device:
    """Signed in at the academy, both factors given, and nowhere else."""
    device = Device()
    device.sign_in(ACADEMY, camille.user, **{SECOND_FACTOR_KEY: True})
    return device


def classes_of(uai: str) -> Any:
    return SchoolClass.objects.filter(school__in=School.objects.filter(uai=uai))
