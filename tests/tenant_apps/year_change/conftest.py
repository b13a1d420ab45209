from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolYear
from tenant_apps.year_change import services
from tenant_apps.year_change.models import YearDraft
from tests.tenant_apps.people.factories import Town, town

HOST = "narbonne.localhost"
JUNE = "2027-06-10 09:00:00+02:00"


@pytest.fixture
def clock() -> Any:
    """10 June 2027: the next year is 2027-2028."""
    with time_machine.travel(JUNE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def made(in_narbonne: Any, clock: Any) -> Town:
    SchoolYear.objects.get_or_create(
        label="2026-2027", defaults={"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    )
    made = town()
    for name, grade in (("Inès", "CE2"), ("Noé", "CM1"), ("Tom", "CM2")):
        Enrollment.objects.filter(pupil=made.pupils[name]).update(grade=grade)
    return made


@pytest.fixture
def browse(made: Town, browser_of: Any) -> Callable[[str], Client]:
    return lambda name: browser_of(HOST, made.user(name))


@pytest.fixture
def draft(made: Town) -> YearDraft:
    return services.prepare(actor=made.user("Martine"), school=made.schools["Lakanal"])
