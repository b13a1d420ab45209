"""Attendance under `/api/v1/`: the same rows as the pages; the town reads numbers."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.services import Said, declare, save_roll
from tenant_apps.people.models import StaffAssignment
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
MONDAY = HalfDay(date(2026, 11, 23), "am")


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 8, 52, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


@pytest.fixture
def room(in_narbonne):
    made = factories.classroom()
    marks = {made.pupils[name].pk: Said("absent", reason="transport") for name in ("Inès", "Noé")}
    where = {"class_id": made.school_class.pk, "half_day": MONDAY}
    save_roll(actor=made.teacher, marks=marks, version=0, validates=True, **where)
    span = {"starts": MONDAY, "ends": MONDAY, "reason": "child_illness"}
    declare(actor=made.guardians["Sophie"], pupils=[made.pupils["Inès"]], **span)
    return made


def rows(browser, name, query=""):
    return browser.get(f"/api/v1/{name}/{query}").json()["results"]


def test_the_teacher_reads_the_calls_and_the_absences_of_the_class(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    [roll] = rows(browser, "roll-calls", "?day=2026-11-23&half=am")
    assert (roll["school_class"], roll["state"]) == (str(room.school_class.pk), "validated")
    assert len(rows(browser, "absences", f"?roll_call={roll['id']}")) == 2
    assert rows(browser, "absences", "?day=2026-11-20") == []


def test_a_guardian_reads_those_of_their_child_and_no_register(room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    assert [row["pupil"] for row in rows(browser, "absences")] == [str(room.pupils["Inès"].pk)]
    assert [row["reason"] for row in rows(browser, "absence-announcements")] == ["child_illness"]
    assert rows(browser, "roll-calls") == []


def test_the_town_reads_numbers_and_neither_names_nor_reasons(room, browser_of):
    user = factories.account("Rachid", "Cantine")
    facts = {"role": "canteen_agent", "school": room.school, "starts_on": date(2020, 1, 1)}
    StaffAssignment.objects.create(person=factories.person("Rachid", "Cantine", user=user), **facts)
    browser = browser_of(HOST, user)
    [count] = browser.get("/api/v1/head-counts/").json()
    assert (count["enrolled"], count["absent"], count["present"], count["is_called"]) == (3, 2, 1, True)
    assert browser.get("/api/v1/head-counts/?half=soir").status_code == 400
    assert rows(browser, "absences") == rows(browser, "absence-announcements") == rows(browser, "roll-calls") == []
