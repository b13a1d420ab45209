"""What attendance gives back, and what it forgets: with a pupil, and when the year is over."""

from datetime import date, datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from core import registry
from core.registry import Erased
from shared_apps.files.models import StoredFile
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.attendance.services import Said, declare, save_roll
from tenant_apps.attendance.tasks import forget
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
MONDAY = HalfDay(date(2026, 11, 23), "am")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 23, 8, 52, tzinfo=timezone.get_default_timezone()), tick=False) as now:
        yield now


@pytest.fixture
def room(in_narbonne):
    made = factories.classroom()
    factories.add_family(made, "Tom", "Ferrer", [])
    made.pupils["Tom"].guardianships.create(guardian=made.guardians["Sophie"].person)
    span = {"starts": MONDAY, "ends": MONDAY, "reason": "other", "message": "Audience au tribunal"}
    upload = ContentFile(b"%PDF-1.4\n%%EOF\n", "convocation.pdf")
    declare(actor=made.guardians["Sophie"], pupils=[made.pupils["Inès"], made.pupils["Tom"]], upload=upload, **span)
    marks = {made.pupils["Inès"].pk: Said("absent")}
    save_roll(
        actor=made.teacher, class_id=made.school_class.pk, half_day=MONDAY, marks=marks, version=0, validates=True
    )
    return made


def erased(*pupils) -> Erased:
    return Erased(frozenset(p.person_id for p in pupils), frozenset(p.pk for p in pupils), frozenset())


def test_a_pupil_and_who_announced_get_what_is_held_of_them(room):
    given = registry.personal_data["attendance"](room.pupils["Inès"].person_id)
    assert [row["reason"] for row in given["absences"]] == ["other"]
    given = registry.personal_data["attendance"](room.guardians["Sophie"].person.pk)
    assert [row["message"] for row in given["absences_annoncees"]] == ["Audience au tribunal"] * 2
    assert given["absences"] == []


def test_an_erased_pupil_leaves_an_absence_without_its_reason(room):
    registry.erasers["attendance"](erased(room.pupils["Inès"]))
    assert Mark.objects.get().reason == ""
    assert [one.pupil for one in Announcement.objects.all()] == [room.pupils["Tom"]]


def test_a_file_goes_with_the_last_child_it_speaks_of(room):
    registry.erasers["attendance"](erased(room.pupils["Inès"]))
    assert StoredFile.objects.filter(purpose="attendance.absence").exists()
    registry.erasers["attendance"](erased(room.pupils["Tom"]))
    assert not StoredFile.objects.filter(purpose="attendance.absence").exists()


def test_the_absence_file_is_kept_for_the_school_year_only(room, clock):
    forget()
    assert RollCall.objects.exists()
    factories.SchoolYear.objects.create(label="2027-2028", starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31))
    clock.move_to(datetime(2027, 9, 2, 3, 0, tzinfo=timezone.get_default_timezone()))
    forget()
    assert not RollCall.objects.exists()
    assert not Announcement.objects.exists()
    assert not StoredFile.objects.filter(purpose="attendance.absence").exists()
