"""From the academy's portal to the commune, and the pages of who posts and of who receives."""

import pytest
import time_machine
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.mobility import services
from shared_apps.mobility.following import follow
from shared_apps.mobility.models import MovingStaff, Posting
from tenant_apps.links.models import PostedAssignment
from tests.shared_apps.mobility.conftest import ACADEMY, LAKANAL, LEZIGNAN, MISTRAL, NARBONNE, SCHEMAS, post, today
from tests.tenant_apps.links.browser import Device

HOME = f"https://{ACADEMY}/"
DOOR = f"https://{NARBONNE}/passage/?depuis=public"


def is_in(device, host=NARBONNE):
    return device.on(host).get("/").status_code == 200


def opening(device):
    asking = device.on(NARBONNE).get("/passage/?depuis=public").headers["Location"]
    return device._ask("get", asking).headers["Location"]


# --- who moves


def test_the_portal_lists_the_communes_of_the_day_and_opens_each_in_one_click(posted, laptop):
    page = laptop.get(HOME)
    text = page.content.decode()
    assert laptop.url == f"{HOME}mes-communes/"
    assert DOOR in text
    assert f"https://{LEZIGNAN}/passage/?depuis=public" in text
    page = laptop.get(DOOR)
    assert "Bonjour Camille" in page.content.decode()
    assert is_in(laptop)
    with in_schema(SCHEMAS[LAKANAL]):
        assert laptop.on(NARBONNE).session[SECOND_FACTOR_KEY] is True


def test_the_menu_shows_no_page_that_would_be_refused(posted, laptop):
    text = laptop.get(f"{HOME}mes-communes/").content.decode()
    assert "/communes/" not in text.replace("/mes-communes/", "")
    assert "/statistiques/" not in text


def test_without_the_second_factor_nothing_opens(camille, posted):
    device = Device()
    device.sign_in(ACADEMY, camille.user)
    page = device.get(DOOR)
    assert page.templates[0].name == "accounts/enrol.html"
    assert not is_in(device)


def test_an_opening_of_the_academy_serves_once_in_one_browser_for_a_minute(posted, laptop):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        url = opening(laptop)
        assert Device().get(url).status_code == 410
        assert laptop.get(url.replace(NARBONNE, LEZIGNAN)).status_code == 410
        assert laptop.get(url).status_code == 200
        laptop.on(NARBONNE).post("/deconnexion/")
        assert laptop.get(url).status_code == 410
        late = opening(laptop)
        clock.shift(61)
        assert laptop.get(late).status_code == 410
    assert not is_in(laptop)


def test_who_has_no_posting_there_today_is_not_let_in(officer, camille, laptop):
    post(officer, camille, MISTRAL)
    assert laptop.get(DOOR).status_code == 410
    post(officer, camille, LAKANAL, first=3)
    assert laptop.get(DOOR).status_code == 410
    assert not is_in(laptop)


def test_a_posting_that_ended_closes_the_door_and_the_session(officer, camille, posted, laptop):
    laptop.get(DOOR)
    assert is_in(laptop)
    services.end_posting(actor=officer, posting=posted[0])
    follow(camille.pk)
    assert not is_in(laptop)
    assert laptop.get(DOOR).status_code == 410


def test_what_the_academy_says_opens_nothing_that_the_commune_closed(rooms, posted, laptop):
    """The head's word is known here first: the academy's message may be under way."""
    with in_schema(SCHEMAS[LAKANAL]):
        PostedAssignment.objects.get().assignment.__class__.objects.exclude(posted=None).update(ends_on=today())
    assert laptop.get(DOOR).status_code == 410


def test_somebody_else_at_the_keyboard_is_not_replaced(rooms, posted, laptop):
    laptop.sign_in(NARBONNE, rooms[LAKANAL].head)
    page = laptop.get(DOOR)
    assert page.templates[0].name == "links/already_in.html"


def test_a_rased_teacher_reads_the_names_of_the_schools_posted_in(posted, laptop, rooms):
    laptop.get(DOOR)
    page = laptop.get(f"https://{NARBONNE}/mes-ecoles/").content.decode()
    assert "Lakanal" in page
    assert "Claire" in page
    page = laptop.get(f"https://{NARBONNE}/classes/{rooms[LAKANAL].school_class.pk}/").content.decode()
    assert "Inès" in page
    assert "Sophie" not in page


def test_an_inspector_reads_classes_without_a_name_of_a_child(officer, camille, laptop, rooms):
    post(officer, camille, LAKANAL, role="ien")
    laptop.get(DOOR)
    page = laptop.get(f"https://{NARBONNE}/mes-ecoles/").content.decode()
    assert "CE2" in page
    assert "Inès" not in page
    assert laptop.on(NARBONNE).get(f"/classes/{rooms[LAKANAL].school_class.pk}/").status_code == 404


# --- who posts


@pytest.fixture
def desk(officer):
    device = Device()
    device.sign_in(ACADEMY, officer, **{SECOND_FACTOR_KEY: True})
    return device


def test_an_officer_adds_somebody_and_posts_them(desk, rooms, django_capture_on_commit_callbacks):
    page = desk.post(
        f"{HOME}itinerants/ajouter/", {"first_name": "Camille", "last_name": "Fabre", "email": "c@ac.example"}
    )
    assert "Code d’activation" in page.content.decode()
    staff = MovingStaff.objects.get()
    url = f"{HOME}itinerants/{staff.pk}/affecter/?commune=11262"
    page = desk.get(url)
    school = page.context["form"].fields["schools"].queryset.get(uai=LAKANAL)
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.post(url, {"role": "rased", "schools": [school.pk], "starts_on": today(), "last_day": today(29)})
    posting = Posting.objects.get()
    assert (posting.ends_on, posting.problem, posting.synced_at is None) == (today(30), "", False)
    assert "Fabre" in desk.get(f"{HOME}itinerants/").content.decode()
    page = desk.post(f"{HOME}affectations/{posting.pk}/", {"starts_on": today(), "last_day": today(9)})
    assert Posting.objects.get().ends_on == today(10)
    page = desk.post(f"{HOME}affectations/{posting.pk}/fin/")
    assert "Terminées" in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": ""}, "obligatoire"),
        ({"schools": []}, "au moins une école"),
        ({"last_day": "2020-01-01"}, "avant le premier"),
        ({"role": "brigade", "last_day": ""}, "a un dernier jour"),
    ],
    ids=["no function", "no school", "ends before", "endless substitute"],
)
def test_a_posting_that_cannot_be_is_refused_in_words(desk, camille, wrong, words):
    from shared_apps.reference.models import RefSchool

    school = RefSchool.objects.get(uai=LAKANAL).pk
    typed = {"role": "rased", "schools": [school], "starts_on": str(today()), "last_day": str(today(9))} | wrong
    page = desk.post(f"{HOME}itinerants/{camille.pk}/affecter/?commune=11262", typed)
    assert page.status_code == 422
    assert words in page.content.decode()


# --- who receives


def test_the_head_sees_who_comes_and_until_when_and_may_say_no(rooms, posted):
    device = Device()
    device.sign_in(NARBONNE, rooms[LAKANAL].head)
    page = device.get(f"https://{NARBONNE}/personnels-academiques/")
    text = page.content.decode()
    assert "Fabre" in text
    assert "personnel académique" in text
    row = page.context["lines"][0]["row"]
    page = device.post(f"https://{NARBONNE}/personnels-academiques/{row.pk}/fin/")
    assert "n’intervient plus ici" in page.content.decode()
    assert page.context["lines"] == []


def test_the_lists_cost_the_same_whatever_their_length(officer, camille, desk, rooms, posted):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        return len(seen)

    desk.get(f"{HOME}itinerants/")
    before = cost(f"{HOME}itinerants/")
    other = services.add_staff(actor=officer, first_name="Zoé", last_name="Roux", email="z@ac.example")
    post(officer, other, LAKANAL, MISTRAL)
    assert cost(f"{HOME}itinerants/") == before
