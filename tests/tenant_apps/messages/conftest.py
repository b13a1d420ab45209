import pytest
from time_machine import travel

from tests.tenant_apps.liaison import factories

SCHOOL_TIME = "2026-11-24 09:30:00+01:00"  # a Tuesday


@pytest.fixture(autouse=True)
def _school_time(request):
    """Mails wait in the evening: the tests run in the morning."""
    if "real_time" in request.keywords:
        yield
        return
    with travel(SCHOOL_TIME):
        yield


@pytest.fixture
def cm2(room):
    """Older pupils, who have a box: Inès has an account there."""
    made = factories.next_class(room, label="CM2")
    for first, pupil in made.pupils.items():
        pupil.enrollments.update(grade="CM2")
        pupil.person.account = factories.account(f"eleve{first}", "Cm2")
        pupil.person.save()
    return made
