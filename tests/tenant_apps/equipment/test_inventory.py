"""The digital equipment of the schools: who counts, who reads, what the académie is told."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.tenancy import in_public, in_schema
from shared_apps.audit.models import Entry
from shared_apps.statistics import services as statistics
from shared_apps.statistics.models import Rollup
from tenant_apps.equipment.models import Equipment
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School
from tests.tenant_apps.liaison.factories import account, person

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
TYPED = {"desktop": "6", "laptop": "14", "tablet": "24", "screen": "5", "equipped_class": "7", "connection": "300"}


@pytest.fixture
def other(room):
    """A school of the same town."""
    return School.objects.create(uai="0110999Z", name="École Anatole-France", kind="primary")


@pytest.fixture
def officer(room):
    user = account("Jean", "Mairie")
    StaffAssignment.objects.create(
        person=person("Jean", "Mairie", user=user), role="school_service", starts_on=date(2020, 1, 1)
    )
    return user


def kept(school) -> dict[str, int]:
    return dict(Equipment.objects.filter(school=school).values_list("kind", "quantity"))


def test_the_head_counts_and_the_page_shows_it(room, browser_of):
    browser = browser_of(HOST, room.head)
    assert "1 école n’a pas encore été comptée" in browser.get("/equipement/").content.decode()
    answer = browser.post(f"/equipement/{room.school.pk}/", TYPED, follow=True)
    assert "L’équipement de l’école est enregistré." in answer.content.decode()
    assert kept(room.school) == {kind: int(number) for kind, number in TYPED.items()}
    assert Entry.objects.get(action="equipment.counted").facts["tablet"] == 24


def test_what_is_typed_again_replaces_what_was_and_zero_keeps_nothing(room, browser_of):
    browser = browser_of(HOST, room.head)
    browser.post(f"/equipement/{room.school.pk}/", TYPED)
    browser.post(f"/equipement/{room.school.pk}/", {"desktop": "4", "tablet": "0", "laptop": ""})
    assert kept(room.school) == {"desktop": 4}


@pytest.mark.parametrize("typed", ["-1", "10001", "douze", "3.5"])
def test_what_is_no_number_is_refused_in_french_and_nothing_changes(room, browser_of, typed):
    browser = browser_of(HOST, room.head)
    browser.post(f"/equipement/{room.school.pk}/", TYPED)
    answer = browser.post(f"/equipement/{room.school.pk}/", TYPED | {"tablet": typed})
    assert answer.status_code == 422
    assert "field--error" in answer.content.decode()
    assert kept(room.school)["tablet"] == 24


def test_the_school_service_counts_any_school_of_the_town(room, other, officer, browser_of):
    browser = browser_of(HOST, officer)
    assert browser.post(f"/equipement/{other.pk}/", {"tablet": "12"}).status_code == 302
    browser.post(f"/equipement/{room.school.pk}/", {"tablet": "30"})
    page = browser.get("/equipement/").content.decode()
    assert "Dans toutes ces écoles" in page
    assert ">42<" in page
    table = browser.get("/equipement/tableau/").content.decode("utf-8-sig").splitlines()
    assert len(table) == 3
    assert table[1].startswith("0110999Z;École Anatole-France;;;12;")


def test_a_teacher_reads_the_school_and_counts_nothing(room, other, browser_of):
    browser = browser_of(HOST, room.teacher)
    page = browser.get("/equipement/").content.decode()
    assert room.school.name in page
    assert other.name not in page
    assert browser.post(f"/equipement/{room.school.pk}/", TYPED).status_code == 403
    assert browser.post(f"/equipement/{other.pk}/", TYPED).status_code == 404
    assert not Equipment.objects.exists()


def test_the_academie_is_told_the_totals(room, browser_of):
    browser_of(HOST, room.head).post(f"/equipement/{room.school.pk}/", TYPED)
    statistics.deliver_roll_up({})
    with in_public():
        assert Rollup.objects.of("computers", "tablets", "screens", "equipped_classes").totals() == {
            "computers": 20,
            "tablets": 24,
            "screens": 5,
            "equipped_classes": 7,
        }


def test_the_page_asks_as_much_for_one_school_as_for_many(room, officer, browser_of):
    browser = browser_of(HOST, officer)
    browser.get("/equipement/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/equipement/")
    for number in range(12):
        school = School.objects.create(uai=f"01109{number:02}Z", name=f"École {number}", kind="primary")
        Equipment.objects.create(school=school, kind="tablet", quantity=3)
    with CaptureQueriesContext(connection) as many:
        browser.get("/equipement/")
    assert len(many) == len(one) <= 12


def test_a_kind_is_counted_once_and_is_a_number_above_zero(room):
    Equipment.objects.create(school=room.school, kind="tablet", quantity=3)
    for facts in ({"kind": "tablet", "quantity": 4}, {"kind": "laptop", "quantity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Equipment.objects.create(school=room.school, **facts)


def test_nothing_of_it_reaches_another_commune(room, lezignan, browser_of):
    browser_of(HOST, room.head).post(f"/equipement/{room.school.pk}/", TYPED)
    with in_schema(lezignan.schema_name):
        assert not Equipment.objects.exists()
