"""Dates of a group of pupils: who writes them, who reads them, on the page, in the private address and by the API."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from tenant_apps.agenda import lines, services
from tenant_apps.agenda.models import Event
from tenant_apps.people.models import Enrollment, Guardianship, PupilGroup, PupilGroupMember
from tenant_apps.people.services import make_group
from tests.support.pages import said
from tests.tenant_apps.agenda.factories import TUESDAY, officer
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
AGENDA = "/agenda/"
TITLE = "Répétition de la chorale"


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


@pytest.fixture
def far(room):
    """Another class of the school, whose teacher is in charge of the choir."""
    return factories.next_class(room)


@pytest.fixture
def choir(room, far):
    """Inès of CE2 and Noé of CM1; not Noé of CE2."""
    pupils = [room.pupils["Inès"], far.pupils["Noé"]]
    leaders = [far.teacher.person]
    return make_group(actor=room.head, school=room.school, name="Chorale", kind="choir", pupils=pupils, leaders=leaders)


@pytest.fixture
def rehearsal(room, far, choir):
    event = Event(school=room.school, group=choir, title=TITLE, starts_on=TUESDAY, ends_on=TUESDAY)
    return services.save_event(actor=far.teacher, event=event)


def page(browser_of, user) -> str:
    return said(browser_of(HOST, user).get(AGENDA))


def test_who_is_in_charge_writes_it_from_the_page(room, far, choir, browser_of):
    browser = browser_of(HOST, far.teacher)
    assert "Groupe : Chorale" in said(browser.get(reverse("agenda:write")))
    typed = {"reach": str(choir.pk), "kind": "lesson", "title": TITLE, "repeats": "never", "starts_on": "2026-11-24"}
    assert browser.post(reverse("agenda:write"), typed).status_code == 302
    event = Event.objects.get()
    assert (event.group, event.school, event.school_class) == (choir, room.school, None)
    shown = said(browser.get(reverse("agenda:change", args=[event.pk])))
    assert "Groupe : Chorale" in shown
    assert TITLE in page(browser_of, far.teacher)


def test_its_children_s_families_and_their_teachers_read_it_and_no_other(room, far, rehearsal, browser_of):
    for user in (room.guardians["Sophie"], far.guardians["Laure"], room.teacher, room.head):
        shown = page(browser_of, user)
        assert TITLE in shown
        assert "Chorale" in shown
    for user in (room.guardians["Laure"], far.guardians["Sophie"], officer()):
        assert TITLE not in page(browser_of, user)
        assert browser_of(HOST, user).get(rehearsal.get_absolute_url()).status_code == 404


def test_a_guardian_without_the_authority_does_not_read_it(room, rehearsal, sophie):
    Guardianship.objects.filter(guardian__account=room.guardians["Sophie"]).update(has_parental_authority=False)
    assert TITLE not in said(sophie.get(AGENDA))


def test_a_child_who_left_the_group_and_a_group_that_is_ended_say_nothing_to_families(room, choir, rehearsal, sophie):
    today = timezone.localdate()
    PupilGroupMember.objects.update(starts_on=today - timedelta(days=10))
    PupilGroupMember.objects.filter(pupil=room.pupils["Inès"]).update(ends_on=today)
    assert TITLE not in said(sophie.get(AGENDA))
    PupilGroupMember.objects.update(ends_on=None)
    assert TITLE in said(sophie.get(AGENDA))
    PupilGroup.objects.update(ended_on=today)
    assert TITLE not in said(sophie.get(AGENDA))


def test_of_two_children_the_page_names_the_one_who_sings(room, rehearsal, sophie):
    Guardianship.objects.create(pupil=room.pupils["Noé"], guardian=room.guardians["Sophie"].person)
    assert "Inès · Chorale" in said(sophie.get(AGENDA))
    assert TITLE in said(sophie.get(f"{AGENDA}?pour={room.pupils['Inès'].pk}"))
    assert TITLE not in said(sophie.get(f"{AGENDA}?pour={room.pupils['Noé'].pk}"))


def test_the_private_address_gives_it_to_its_family_and_to_who_leads_it(room, far, rehearsal, client):
    for user, has_it in ((room.guardians["Sophie"], True), (far.teacher, True), (room.guardians["Laure"], False)):
        token = services.make_feed(actor=user)
        content = client.get(reverse("agenda:feed", args=[token]), headers={"host": HOST}).content.decode()
        assert (TITLE in content) is has_it


def test_a_colleague_reads_it_and_does_not_write_it(room, choir, rehearsal, teacher):
    assert teacher.get(reverse("agenda:change", args=[rehearsal.pk])).status_code == 403
    assert teacher.post(reverse("agenda:remove", args=[rehearsal.pk])).status_code == 403
    with pytest.raises(PermissionDenied):
        services.save_event(
            actor=room.teacher,
            event=Event(school=room.school, group=choir, title="Voile", starts_on=TUESDAY, ends_on=TUESDAY),
        )


def test_a_group_is_of_its_own_school(room, far, choir):
    elsewhere = factories.classroom(uai="0110358E", label="CM2", prefix="b")
    event = Event(school=elsewhere.school, group=choir, title=TITLE, starts_on=TUESDAY, ends_on=TUESDAY)
    with pytest.raises(PermissionDenied):
        services.save_event(actor=far.teacher, event=event)


def test_a_date_is_of_a_class_or_of_a_group(room, choir):
    where = {"school": room.school, "school_class": room.school_class, "group": choir, "author": room.head}
    with pytest.raises(IntegrityError, match="a_group_event_names_its_school_and_no_class"):
        Event.objects.create(title=TITLE, starts_on=TUESDAY, ends_on=TUESDAY, **where)


def test_dates_of_groups_cost_the_same_however_many(room, rehearsal, sophie, django_assert_max_num_queries):
    for n in range(5):
        day = date(2026, 11, 24) + timedelta(days=n % 3)
        facts = {"school": room.school, "group": rehearsal.group, "author": room.head}
        Event.objects.create(title=f"Concert {n}", starts_on=day, ends_on=day, **facts)
    reader = lines.reader_of(room.guardians["Sophie"], "guardian")
    with django_assert_max_num_queries(3):
        found = lines.dates(reader.ask(TUESDAY, TUESDAY + timedelta(days=4)))
    assert sum(line.detail == "Chorale" for line in found) == 6
    sophie.get(AGENDA)
    with django_assert_max_num_queries(14):
        assert "Concert 4" in said(sophie.get(AGENDA))


def test_a_child_of_no_class_is_in_no_group(room, rehearsal, sophie):
    Enrollment.objects.filter(pupil=room.pupils["Inès"]).update(ends_on=timezone.localdate())
    assert TITLE not in said(sophie.get(AGENDA))
