"""`request.profile`, `request.place`: from the relations of the day, in one query."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from core.session_store import SessionStore
from core.tenancy import in_public
from tenant_apps.people.middleware import profile_middleware
from tenant_apps.people.models import Guardianship, StaffAssignment
from tenant_apps.people.profiles import profiles_of
from tenant_apps.people.roles import Role
from tests.support.people import account
from tests.tenant_apps.people.factories import assign, days_ago

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.mark.parametrize(
    ("name", "profiles"),
    [
        ("Martine", ("head",)),
        ("Claire", ("teacher",)),
        ("Agnès", ("teacher",)),
        ("Paul", ("teacher",)),
        ("Rachid", ("municipal",)),
        ("Jean", ("municipal",)),
        ("Élu", ("municipal",)),
        ("Sophie", ("guardian",)),
        ("Karim", ("guardian",)),
        ("Inès", ("pupil",)),
    ],
)
def test_what_one_is_comes_from_relations(made, name, profiles):
    assert profiles_of(made.user(name)) == profiles


def test_several_faces_work_first(made):
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Martine"])
    assign(made, "Martine", Role.TEACHER, "Lakanal", "CM1")
    assert profiles_of(made.user("Martine")) == ("head", "teacher", "guardian")


def test_a_face_is_lost_with_its_relation(made):
    StaffAssignment.objects.filter(person=made.people["Claire"]).update(ends_on=days_ago(0))
    assert profiles_of(made.user("Claire")) == ()
    assert profiles_of(account("per.sona")) == ()


def asked(user, session=None):
    kept = SessionStore()
    kept.update(session or {})
    request = SimpleNamespace(user=user, session=kept, host_entry=SimpleNamespace(name="Narbonne"))
    profile_middleware(lambda request: None)(request)
    return request


def test_one_query_for_who_is_signed_in_and_none_for_the_others(made, django_assert_num_queries):
    user = made.user("Sophie")
    with django_assert_num_queries(1):
        assert asked(user).profile == "guardian"
    with django_assert_num_queries(0):
        assert asked(AnonymousUser()).profile == ""
    with django_assert_num_queries(2):
        assert asked(user).person.pk == made.people["Sophie"].pk


def test_the_academy_asks_nothing_of_a_commune(made, django_assert_num_queries):
    user = made.user("Sophie")
    with in_public(), django_assert_num_queries(0):
        assert asked(user).profile == "academy"


def test_the_place_is_the_school_when_there_is_one(made):
    assert asked(made.user("Claire")).place == {"name": "Lakanal", "detail": "Narbonne"}
    assert asked(made.user("Jean")).place == {"name": "Narbonne", "detail": ""}
    assign(made, "Claire", Role.TEACHER, "Arago", "CM2")
    assert asked(made.user("Claire")).place == {"name": "Narbonne", "detail": ""}


def test_the_face_chosen_is_kept_while_it_is_ones_own(made):
    user = made.user("Martine")
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Martine"])
    assert asked(user, {"profile": "guardian"}).profile == "guardian"
    assert asked(user, {"profile": "municipal"}).profile == "head"
    assert asked(user).place["url"] == "/profil/"


def test_one_changes_place_on_a_page(made, browser_of):
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Martine"])
    browser = browser_of(HOST, made.user("Martine"))
    page = browser.get("/profil/")
    assert "Direction d’école" in page.text
    assert "Parent" in page.text
    browser.post("/profil/", {"profile": "guardian"})
    assert browser.session["profile"] == "guardian"
    browser.post("/profil/", {"profile": "municipal"})
    assert browser.session["profile"] == "guardian"
    assert browser.get("/ecole/").status_code == 403
