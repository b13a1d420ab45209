"""Notes of last year: read by their families until a date, no longer answered."""

from datetime import date

import pytest
import time_machine

from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolClass, SchoolYear
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel("2027-06-10 09:00:00+02:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def note(in_narbonne, clock):
    """Of June 2027, in a class that Inès left for another on 1 September."""
    SchoolYear.objects.all().delete()
    years = [
        SchoolYear.objects.create(
            label=f"{start}-{start + 1}", starts_on=date(start, 9, 1), ends_on=date(start + 1, 8, 31)
        )
        for start in (2026, 2027)
    ]
    room = factories.classroom()
    SchoolClass.objects.filter(pk=room.school_class.pk).update(year=years[0])
    note = factories.consent(room)
    after = SchoolClass.objects.create(school=room.school, year=years[1], label="CM1")
    ines = Enrollment.objects.filter(pupil=room.pupils["Inès"])
    ines.update(ends_on=date(2027, 9, 1))
    Enrollment.objects.create(pupil=room.pupils["Inès"], school_class=after, grade="CM1", starts_on=date(2027, 9, 1))
    note.room = room
    return note


def sophie(note, browser_of):
    return browser_of("narbonne.localhost", note.room.guardians["Sophie"])


def test_read_from_the_page_of_last_years_class_until_its_date(note, browser_of, clock):
    clock.move_to("2027-10-31 12:00:00+01:00")
    browser = sophie(note, browser_of)
    assert note.get_absolute_url() in browser.get("/annee-prochaine/classes/").text
    assert browser.get(note.get_absolute_url()).status_code == 200
    clock.move_to("2027-11-01 00:30:00+01:00")
    assert sophie(note, browser_of).get(note.get_absolute_url()).status_code == 404


def test_no_longer_signed_nor_asked_for_on_the_home_page(note, browser_of, clock):
    assert note.title in sophie(note, browser_of).get("/").text
    clock.move_to("2027-09-02 09:00:00+02:00")
    page = sophie(note, browser_of).get("/")
    assert page.status_code == 200 and note.title not in page.text
    assert not note.room.guardians["Sophie"].has_perm("liaison.sign_note", LiaisonNote.objects.get(pk=note.pk))
