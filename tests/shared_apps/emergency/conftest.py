import pytest
from time_machine import travel

from core.tenancy import in_schema
from shared_apps.accounts.models import StaffRole
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.liaison import factories as school


@pytest.fixture(autouse=True)
def _school_time():
    """A Tuesday of school, in the morning."""
    with travel("2026-11-24 09:30:00+01:00"):
        yield


@pytest.fixture
def admin(reference):
    return academy.staff("Paul", "Garcia", role=StaffRole.Role.ADMINISTRATOR)


@pytest.fixture
def room(narbonne):
    with in_schema("c_11262"):
        return school.classroom()
