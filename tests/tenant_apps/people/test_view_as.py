"""« Voir comme ce parent »: what is shown, what is closed, and how it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shared_apps.audit.models import Entry
from tenant_apps.people.models import Guardianship, Person, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.people.view_as import SESSION_KEY
from tests.support.names import names
from tests.tenant_apps.people.factories import assign

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeing(made, browse):
    browser = browse("Martine")
    assert begin(browser, made).status_code == 302
    return browser


def begin(browser, made, name="Sophie"):
    return browser.post(f"/responsables/{made.people[name].pk}/voir-comme/")


def test_the_head_sees_the_home_of_the_guardian_with_a_banner(made, seeing):
    page = seeing.get("/").text
    assert "Vous voyez ce que voit" in page
    assert "Sophie Ferrer" in page
    assert "Bonjour Sophie" in page
    assert "Inès" in page


def test_the_children_of_another_school_are_not_shown(made, seeing):
    assert not names(seeing.get("/").text, "Tom")
    assert not names(seeing.get("/mes-enfants/").text, "Tom")
    assert seeing.get(f"/mes-enfants/{made.pupils['Inès'].pk}/").status_code == 200
    assert seeing.get(f"/mes-enfants/{made.pupils['Tom'].pk}/").status_code == 404


def test_what_other_communes_tell_the_guardian_is_not_shown(made, seeing, monkeypatch):
    from core import registry

    def source(request):
        raise AssertionError("asked for the guardian's other commune")

    monkeypatch.setattr(registry.home_sections, "_items", {"elsewhere": source})
    assert seeing.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/mots/", "/compte/", "/mes-donnees/", "/mon-profil/", "/notifications/", "/ecole/", "/nulle-part/"]
)
def test_every_other_page_is_closed(seeing, path):
    answer = seeing.get(path)
    assert answer.status_code == 403
    assert "reste à ce parent" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_done(made, seeing, method):
    for path in ("/", "/mes-enfants/", f"/mes-enfants/{made.pupils['Inès'].pk}/"):
        assert getattr(seeing, method)(path).status_code == 403


def test_a_page_that_writes_fails_even_if_it_is_listed(made, seeing, monkeypatch):
    from django.db import InternalError

    def writing(request):
        Person.objects.filter(pk=made.people["Sophie"].pk).update(phone="changed")

    monkeypatch.setattr("tenant_apps.home.views.FACES", {"guardian": writing})
    with pytest.raises(InternalError, match="read-only"):
        seeing.get("/")
    made.people["Sophie"].refresh_from_db()
    assert made.people["Sophie"].phone == ""


def test_leaving_gives_the_head_back_and_both_ends_are_in_the_journal(made, seeing):
    answer = seeing.post("/voir-comme/fin/")
    assert answer.url == f"/responsables/{made.people['Sophie'].pk}/"
    assert "Vous voyez ce que voit" not in seeing.get("/").text
    begun, ended = Entry.objects.filter(action__startswith="people.view_as").order_by("sequence")
    for entry in (begun, ended):
        assert (entry.actor_id, entry.object_id) == (made.user("Martine").pk, str(made.people["Sophie"].pk))
    assert ended.facts == {"why": "left"}


def test_it_ends_after_fifteen_minutes(made, browse):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = browse("Martine")
        begin(browser, made)
        clock.shift(timedelta(minutes=14))
        assert "Vous voyez ce que voit" in browser.get("/").text
        clock.shift(timedelta(minutes=2))
        assert browser.get("/mes-enfants/").url == "/"
        assert "Vous voyez ce que voit" not in browser.get("/").text
    assert Entry.objects.get(action="people.view_as_ended").facts == {"why": "expired"}


def test_a_right_lost_ends_it_at_the_next_request(made, seeing):
    StaffAssignment.objects.filter(person=made.people["Martine"]).update(ends_on=timezone.localdate())
    assert seeing.get("/").status_code == 302
    assert SESSION_KEY not in seeing.session


def test_it_cannot_be_chained(made, seeing):
    assert begin(seeing, made, "Laure").status_code == 403
    assert seeing.session[SESSION_KEY]["person"] == str(made.people["Sophie"].pk)


@pytest.mark.parametrize(
    ("who", "whom", "expected"),
    [
        ("Claire", "Sophie", 403),  # the teacher knows the family, and heads nothing
        ("Solange", "Laure", 404),  # of another school
        ("Jean", "Sophie", 404),
        ("Sophie", "Karim", 404),
        ("Martine", "Karim", 403),  # without the authority: he gets nothing from the school
        ("Martine", "Martine", 404),
    ],
)
def test_only_the_head_of_the_childs_school_sees_as_a_guardian(made, browse, who, whom, expected):
    assert begin(browse(who), made, whom).status_code == expected


def test_a_parent_who_works_is_not_seen_as(made, browse):
    assign(made, "Sophie", Role.TEACHER, "Arago", "CM2")
    assert begin(browse("Martine"), made).status_code == 403


def test_a_link_made_by_a_head_shows_no_child_of_another_school(made, browse):
    Guardianship.objects.create(pupil=made.pupils["Tom"], guardian=made.people["Laure"])
    browser = browse("Solange")
    begin(browser, made, "Laure")
    page = browser.get("/mes-enfants/").text
    assert "Tom" in page
    assert "Noé" not in page
