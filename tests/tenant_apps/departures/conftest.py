from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tenant_apps.schools.models import SchoolYear
from tests.tenant_apps.people.factories import Town, town

HOST = "narbonne.localhost"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2027-03-15 09:00:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def made(in_narbonne: Any, clock: Any) -> Town:
    for start in (2025, 2026, 2027, 2028):
        SchoolYear.objects.get_or_create(
            label=f"{start}-{start + 1}",
            defaults={"starts_on": date(start, 9, 1), "ends_on": date(start + 1, 8, 31)},
        )
    return town()


@pytest.fixture
def browse(made: Town, browser_of: Any) -> Callable[[str], Client]:
    return lambda name: browser_of(HOST, made.user(name))
