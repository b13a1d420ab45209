"""How a child comes in, by requests: card, pictures, what is refused, going out."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification
from tenant_apps.people import services as people
from tenant_apps.people.models import Enrollment
from tenant_apps.people.roles import Role
from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import Way
from tests.tenant_apps.people.factories import assign, town
from tests.tenant_apps.pupil_access.conftest import (
    card_path,
    is_inside,
    key_of,
    press,
    right,
    show_board,
    wrong,
)

pytestmark = pytest.mark.django_db


# --- by a card


def test_a_child_comes_in_with_its_card_while_the_class_is_open(made, opened, tablet):
    page = tablet.get(card_path(made, "Lou"))
    assert "Lou S." in page.text
    assert "Sabatier" not in page.text
    assert tablet.post(card_path(made, "Lou")).url == "/"
    assert is_inside(tablet, "Lou")
    assert Entry.objects.filter(action="pupil_access.entered", facts={"way": "card"}).count() == 1


def test_reading_the_address_of_a_card_signs_nobody_in(made, opened, tablet):
    tablet.get(card_path(made, "Lou"))
    assert tablet.get("/").status_code == 302


def test_the_letters_of_a_card_can_be_typed(made, opened, tablet):
    letters = secrets_of.card_of(key_of(made, "Lou")).lower().replace("-", " ")
    answer = tablet.post("/entrer/", {"code": letters}, follow=True)
    assert "C’est toi ?" in answer.text


def test_a_card_opens_nothing_while_the_class_is_closed(made, opened, tablet, clock):
    services.close_class(actor=made.user("Claire"), school_class=made.classes["CE2"])
    page = tablet.post(card_path(made, "Lou"))
    assert page.status_code == 403
    assert "Demande à ta maîtresse ou ton maître d’ouvrir la classe" in page.text
    assert tablet.get("/").status_code == 302


def test_a_class_closes_by_itself(made, opened, tablet, clock):
    clock.shift(timedelta(minutes=59))
    assert tablet.get(card_path(made, "Lou")).status_code == 200
    clock.shift(timedelta(minutes=2))
    assert tablet.get(card_path(made, "Lou")).status_code == 403


def test_a_lost_card_dies_when_it_is_renewed_and_so_do_its_sessions(made, opened, tablet):
    lost = card_path(made, "Lou")
    tablet.post(lost)
    services.renew_pupil(actor=made.user("Claire"), pupil=made.pupils["Lou"], way=Way.CARD)
    assert tablet.get("/").status_code == 302
    assert "Cette carte ne marche plus" in tablet.get(lost, follow=True).text
    assert tablet.post(card_path(made, "Lou")).url == "/"


def test_a_card_of_one_commune_is_unknown_in_another(made, opened, lezignan):
    path = card_path(made, "Lou")
    with in_schema(lezignan.schema_name):
        there = town()
        services.choose_way(actor=None, school_class=there.classes["CE2"], way=Way.CARD)
        services.open_class(actor=there.user("Claire"), school_class=there.classes["CE2"], duration="60")
    abroad = Client(headers={"host": "lezignan-corbieres.localhost"})
    assert "Cette carte ne marche plus" in abroad.post(path, follow=True).text
    assert abroad.get("/").status_code == 302


def test_the_same_child_in_two_communes_would_have_two_cards(made, opened, lezignan):
    key = key_of(made, "Lou")
    here = secrets_of.card_of(key), secrets_of.pictures_of(key, 4), secrets_of.password_of(key)
    with in_schema(lezignan.schema_name):
        there = secrets_of.card_of(key), secrets_of.pictures_of(key, 4), secrets_of.password_of(key)
    assert not set(map(str, here)) & set(map(str, there))


def test_the_card_of_a_pupil_who_left_is_unknown(made, opened, tablet):
    path = card_path(made, "Lou")
    Enrollment.objects.filter(pupil=made.pupils["Lou"]).update(ends_on="2026-11-24")
    assert tablet.get(path).url == "/entrer/"


def test_the_card_of_a_closed_account_is_unknown(made, opened, tablet):
    path = card_path(made, "Lou")
    User.objects.filter(pk=made.user("Lou").pk).update(is_active=False)
    assert tablet.post(path).url == "/entrer/"


def test_a_card_never_opens_the_account_of_somebody_who_is_more_than_a_pupil(made, opened, tablet):
    """A head who enrolled an adult would otherwise hold the key of all that the adult's account opens."""
    path = card_path(made, "Lou")
    assign(made, "Lou", Role.TEACHER, "Arago", "CM2")
    assert tablet.post(path).url == "/entrer/"
    assert tablet.get("/").status_code == 302


def test_a_child_who_changes_class_needs_its_new_class_open(made, opened, tablet):
    path = card_path(made, "Lou")
    people.change_class(actor=None, pupil=made.pupils["Lou"], school_class=made.classes["CM1"], grade="CP")
    assert tablet.get(path).status_code == 403


def test_codes_that_open_nothing_are_counted_by_address(made, opened, tablet):
    cache.clear()
    for n in range(40):
        assert "Cette carte ne marche plus" in tablet.get(f"/entrer/carte/AAAA22{n:02}/", follow=True).text
    refused = tablet.get(card_path(made, "Lou"), follow=True)
    assert "Trop d’essais" in refused.text


def test_a_whole_school_that_reads_its_cards_well_is_not_slowed(made, opened, tablet):
    cache.clear()
    for _turn in range(60):
        assert tablet.get(card_path(made, "Lou")).status_code == 200


# --- by pictures


def test_a_child_touches_its_animal_then_its_pictures(made, opened, tablet):
    show_board(tablet, opened)
    faces = tablet.get("/entrer/ma-classe/").text
    assert "Lou S." in faces
    assert "Max R." in faces
    assert "Sabatier" not in faces
    page = tablet.get("/entrer/images/", {"qui": str(made.pupils["Lou"].pk)}).text
    for label in ("le soleil", "le cœur", "l’étoile"):
        assert label in page
    assert press(tablet, made, "Lou", right(made, "Lou")).url == "/"
    assert is_inside(tablet, "Lou")


def test_without_javascript_each_press_is_a_page_that_knows_the_previous_ones(made, opened, tablet):
    show_board(tablet, opened)
    suite = ""
    for picture in right(made, "Lou"):
        fields = {"qui": str(made.pupils["Lou"].pk), "suite": suite, "image": picture}
        answer = tablet.post("/entrer/images/", fields)
        suite = f"{suite} {picture}".strip()
        if answer.status_code == 200:
            assert f'name="suite" value="{suite}"' in answer.text
    assert is_inside(tablet, "Lou")


def test_wrong_pictures_are_a_gentle_page_and_another_try(made, opened, tablet):
    show_board(tablet, opened)
    page = press(tablet, made, "Lou", wrong(made, "Lou"))
    assert page.status_code == 422
    assert "Ce n’est pas ça. Essaie encore." in page.text
    assert press(tablet, made, "Lou", right(made, "Lou")).url == "/"
    assert key_of(made, "Lou").failures == 0


def test_after_five_wrong_tries_only_the_teacher_helps(made, opened, tablet):
    show_board(tablet, opened)
    for _turn in range(4):
        assert press(tablet, made, "Lou", wrong(made, "Lou")).status_code == 422
    page = press(tablet, made, "Lou", wrong(made, "Lou"))
    assert page.status_code == 403
    assert "Demande à ta maîtresse ou à ton maître" in page.text
    assert press(tablet, made, "Lou", right(made, "Lou")).status_code == 403
    assert Notification.objects.filter(user=made.user("Claire"), kind="pupil_access.help").count() == 1
    services.answer_help(actor=made.user("Claire"), pupil=made.pupils["Lou"])
    assert press(tablet, made, "Lou", right(made, "Lou")).url == "/"


def test_one_childs_failures_leave_the_others_theirs(made, opened, tablet):
    show_board(tablet, opened)
    for _turn in range(5):
        press(tablet, made, "Lou", wrong(made, "Lou"))
    assert press(tablet, made, "Max", right(made, "Max")).url == "/"


def test_a_whole_class_guessed_at_is_stopped_until_it_is_opened_again(made, opened, tablet):
    show_board(tablet, opened)
    opened.failures = 60
    opened.save()
    assert press(tablet, made, "Lou", right(made, "Lou")).status_code == 403
    again = services.open_class(actor=made.user("Claire"), school_class=made.classes["CE2"], duration="30")
    show_board(tablet, again)
    assert press(tablet, made, "Lou", right(made, "Lou")).url == "/"


def test_pictures_open_nothing_on_a_device_that_was_not_shown_the_class(made, opened, tablet):
    assert press(tablet, made, "Lou", right(made, "Lou")).url == "/entrer/"
    assert tablet.get("/entrer/ma-classe/").url == "/entrer/"


def test_names_and_pictures_close_with_the_class(made, opened, tablet, clock):
    show_board(tablet, opened)
    clock.shift(timedelta(minutes=61))
    for answer in (tablet.get("/entrer/ma-classe/"), press(tablet, made, "Lou", right(made, "Lou"))):
        assert answer.status_code == 403
        assert "Lou S." not in answer.text


def test_a_code_of_an_earlier_opening_opens_nothing(made, opened, tablet):
    old = secrets_of.board_code_of(opened)
    show_board(tablet, opened)
    services.open_class(actor=made.user("Claire"), school_class=made.classes["CE2"], duration="30")
    assert tablet.get("/entrer/ma-classe/").url == "/entrer/"
    assert "Ce code n’ouvre pas de classe" in tablet.get(f"/entrer/classe/{old}/", follow=True).text


def test_a_code_of_the_board_of_one_commune_opens_nothing_in_another(made, opened, lezignan):
    abroad = Client(headers={"host": "lezignan-corbieres.localhost"})
    assert abroad.get(f"/entrer/classe/{secrets_of.board_code_of(opened)}/").url == "/entrer/"


def test_a_child_of_another_class_is_not_found_by_its_animal(made, opened, tablet):
    services.ensure_keys(made.classes["CM1"])
    show_board(tablet, opened)
    assert press(tablet, made, "Noé", right(made, "Noé")).url == "/entrer/ma-classe/"


def test_three_pictures_before_cp_and_four_after(made, opened, tablet):
    Enrollment.objects.filter(pupil=made.pupils["Lou"]).update(grade="GS")
    show_board(tablet, opened)
    assert press(tablet, made, "Lou", right(made, "Lou")[:3]).url == "/"


def test_a_child_who_forgot_asks_and_is_told_it_did_nothing_wrong(made, opened, tablet):
    show_board(tablet, opened)
    page = tablet.post("/entrer/oubli/", {"qui": str(made.pupils["Lou"].pk)})
    assert "Tu n’as rien fait de mal" in page.text
    tablet.post("/entrer/oubli/", {"qui": str(made.pupils["Lou"].pk)})
    assert key_of(made, "Lou").help_asked_at is not None
    assert Notification.objects.filter(kind="pupil_access.help").count() == 1


# --- going out


def test_on_a_shared_tablet_the_next_child_finds_its_class(made, opened, tablet):
    show_board(tablet, opened)
    press(tablet, made, "Lou", right(made, "Lou"))
    assert tablet.post("/entrer/fini/").url == "/entrer/ma-classe/"
    assert tablet.get("/").status_code == 302
    press(tablet, made, "Max", right(made, "Max"))
    assert is_inside(tablet, "Max")


def test_a_card_read_after_a_child_who_forgot_to_go_out_changes_child(made, opened, tablet):
    tablet.post(card_path(made, "Lou"))
    tablet.post(card_path(made, "Max"))
    assert is_inside(tablet, "Max")


def test_who_came_with_a_card_goes_back_to_the_cards_and_sees_no_name(made, opened, tablet):
    tablet.post(card_path(made, "Lou"))
    assert tablet.post("/entrer/fini/").url == "/entrer/"
    assert tablet.get("/entrer/ma-classe/").url == "/entrer/"


@pytest.mark.parametrize(
    ("hour", "inside", "outside"),
    [
        pytest.param("09:00", 209, 211, id="morning"),
        pytest.param("14:00", 179, 181, id="afternoon"),
        pytest.param("18:00", 119, 121, id="evening"),
    ],
)
def test_a_pupils_session_ends_with_the_half_day(made, clock, tablet, hour, inside, outside):
    clock.move_to(f"2026-11-24T{hour}:00+01:00")
    services.open_class(actor=made.user("Claire"), school_class=made.classes["CE2"], duration="30")
    tablet.post(card_path(made, "Lou"))
    clock.shift(timedelta(minutes=inside))
    assert is_inside(tablet, "Lou")
    clock.shift(timedelta(minutes=outside - inside))
    assert tablet.get("/").status_code == 302


def test_the_camera_is_allowed_where_a_card_is_read_and_nowhere_else(made, opened, tablet):
    assert "camera=(self)" in tablet.get("/entrer/").headers["Permissions-Policy"]
    for path in (card_path(made, "Lou"), reverse("accounts:sign_in")):
        assert "camera=()" in tablet.get(path).headers["Permissions-Policy"]


def test_a_child_never_activated_comes_in_with_its_card(made, opened, tablet):
    User.objects.filter(pk=made.user("Lou").pk).update(activated_at=None)
    tablet.post(card_path(made, "Lou"))
    assert is_inside(tablet, "Lou")
    assert User.objects.get(pk=made.user("Lou").pk).is_activated
