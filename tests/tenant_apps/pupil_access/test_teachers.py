"""What who keeps a class does with its door and its keys, by requests."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.pupil_access import secrets_of, services
from tenant_apps.pupil_access.models import ClassDoor, PupilKey
from tenant_apps.pupil_access.services.keys import held_in
from tests.support.names import names
from tests.tenant_apps.people.factories import add_pupil
from tests.tenant_apps.pupil_access.conftest import card_path, is_signed_in, key_of, press, right, show_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def door_page(made):
    return f"/acces/classes/{made.classes['CE2'].pk}/"


def audited(action):
    return Entry.objects.filter(action=f"pupil_access.{action}").count()


def test_a_teacher_opens_the_class_sees_who_is_in_and_closes_it(made, browse, tablet, door_page):
    teacher = browse("Claire")
    assert "Toute la matinée" in teacher.get(door_page).text
    page = teacher.post(f"{door_page}ouvrir/", {"duree": "60"}, follow=True).text
    assert "Ouverte jusqu’à 10\u00a0h" in page
    assert secrets_of.board_code_of(ClassDoor.objects.get()) in page
    tablet.post(card_path(made, "Lou"))
    assert "dans l’espace depuis 9\u00a0h" in teacher.get(door_page).text
    tablet.post("/entrer/fini/")
    assert "dans l’espace depuis" not in teacher.get(door_page).text
    assert "Ouvrir la classe" in teacher.post(f"{door_page}fermer/", follow=True).text
    assert (audited("opened"), audited("closed")) == (1, 1)


def test_closing_may_sign_the_children_out(made, opened, browse, tablet, door_page):
    tablet.post(card_path(made, "Lou"))
    browse("Claire").post(f"{door_page}fermer/")
    assert tablet.get("/").status_code == 200
    services.open_class(actor=made.user("Claire"), school_class=made.classes["CE2"], duration="30")
    tablet.post(card_path(made, "Lou"))
    page = browse("Claire").post(f"{door_page}fermer/", {"avec": "eleves"}, follow=True)
    assert "1 élève est déconnecté" in page.text
    assert tablet.get("/").status_code == 302


@pytest.mark.parametrize(
    ("hour", "last"), [("09:00", "12:30"), ("14:00", "17:00")], ids=["until noon", "until the evening"]
)
def test_a_class_may_be_open_for_the_half_day(made, clock, browse, door_page, hour, last):
    clock.move_to(f"2026-11-24T{hour}:00+01:00")
    browse("Claire").post(f"{door_page}ouvrir/", {"duree": "half-day"})
    assert timezone.localtime(ClassDoor.objects.get().closes_at).strftime("%H:%M") == last


def test_in_the_evening_there_is_no_half_day_left(made, clock, browse, door_page):
    clock.move_to("2026-11-24T18:00:00+01:00")
    teacher = browse("Claire")
    assert "Toute" not in re.findall(r"choice__label[^<]*>([^<]*)", teacher.get(door_page).text)
    assert "Choisissez pour combien" in teacher.post(f"{door_page}ouvrir/", {"duree": "half-day"}, follow=True).text


def test_an_invented_duration_opens_nothing(made, browse, door_page):
    page = browse("Claire").post(f"{door_page}ouvrir/", {"duree": "100000"}, follow=True)
    assert "Choisissez pour combien de temps" in page.text
    assert not ClassDoor.objects.filter(closes_at__gt=timezone.now()).exists()


def test_a_substitute_opens_the_class_while_it_lasts_and_no_longer(made, browse):
    page = f"/acces/classes/{made.classes['CM1'].pk}/"
    assert browse("Agnès").get(page).status_code == 200
    StaffAssignment.objects.filter(person=made.people["Agnès"]).update(ends_on=timezone.localdate())
    assert browse("Agnès").get(page).url == "/depart/"


def test_a_head_opens_the_classes_of_the_school_and_no_other(made, browse, door_page):
    head = browse("Martine")
    assert head.get(door_page).status_code == 200
    assert "CM1" in head.get("/acces/").text
    assert head.get(f"/acces/classes/{made.classes['CM2'].pk}/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("Joan", 404), ("Paul", 403), ("Sophie", 403), ("Aline", 403)])
def test_nobody_else_opens_it(made, browse, door_page, name, status):
    for path, fields in ((f"{door_page}ouvrir/", {"duree": "60"}), (f"{door_page}imprimer/", {"quoi": "card"})):
        assert browse(name).post(path, fields).status_code == status
    assert not ClassDoor.objects.exists()


def test_the_way_follows_the_youngest_until_the_teacher_chooses(made, browse, door_page):
    teacher = browse("Claire")
    assert "Montrer au tableau" not in teacher.get(door_page).text
    assert "Pour combien de temps" in teacher.get(door_page).text
    Enrollment.objects.filter(school_class=made.classes["CE2"]).update(grade="CE2")
    assert "Cette classe entre par mot de passe" in teacher.get(door_page).text
    teacher.post(f"{door_page}facon/", {"facon": "card"})
    assert "Pour combien de temps" in teacher.get(door_page).text


def test_a_class_that_uses_passwords_is_never_open(made, browse, door_page, opened):
    teacher = browse("Claire")
    teacher.post(f"{door_page}facon/", {"facon": "password"})
    assert not ClassDoor.objects.get().is_open
    assert "n’a pas besoin d’être ouverte" in teacher.post(f"{door_page}ouvrir/", {"duree": "30"}, follow=True).text


def test_a_class_with_cards_shows_no_list_of_names(made, browse, door_page, tablet):
    browse("Claire").post(f"{door_page}facon/", {"facon": "card"})
    show_board(tablet, services.open_class(actor=None, school_class=made.classes["CE2"], duration="30"))
    page = tablet.get("/entrer/ma-classe/").text
    assert "Montre ta carte" in page
    assert not names(page, "Lou")


@pytest.mark.parametrize("what", ["card", "pictures", "password"])
def test_what_is_handed_out_prints_eight_a_page(made, browse, door_page, what):
    for n in range(7):
        add_pupil(made, f"Enfant{n}", "Très-Long-Nom-de-Famille", "CE2")
    answer = browse("Claire").post(f"{door_page}imprimer/", {"quoi": what})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert audited("printed") == 1


def test_printing_passwords_gives_one_to_those_who_have_none(made, browse, door_page, tablet):
    User.objects.filter(pk=made.user("Lou").pk).update(activated_at=None, password="!rien")
    Enrollment.objects.filter(school_class=made.classes["CE2"]).update(grade="CE2")
    browse("Claire").post(f"{door_page}imprimer/", {"quoi": "password"})
    password = secrets_of.password_of(key_of(made, "Lou"))
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d\d", password)
    tablet.post("/connexion/", {"identifier": made.user("Lou").identifier, "password": password})
    assert is_signed_in(tablet, made.user("Lou"))
    # Max had chosen his: printing tells nobody, and changes nothing.
    assert not key_of(made, "Max").password_seal


def test_a_password_is_renewed_by_the_teacher_and_shown_once_asked(made, browse, tablet):
    Enrollment.objects.filter(school_class=made.classes["CE2"]).update(grade="CE2")
    page = f"/acces/eleves/{made.pupils['Lou'].pk}/"
    teacher = browse("Claire")
    teacher.post(f"{page}renouveler/")
    password = secrets_of.password_of(key_of(made, "Lou"))
    assert password not in teacher.get(page).text
    assert password in teacher.post(page).text
    tablet.post("/connexion/", {"identifier": made.user("Lou").identifier, "password": password})
    assert is_signed_in(tablet, made.user("Lou"))
    accounts.change_password(actor=made.user("Lou"), password="dragon-violet-77")
    assert password not in teacher.post(page).text


def test_the_childs_pictures_are_shown_to_help_and_the_audit_says_so(made, opened, browse):
    page = f"/acces/eleves/{made.pupils['Lou'].pk}/"
    card = secrets_of.card_of(key_of(made, "Lou"))
    teacher = browse("Claire")
    assert card not in teacher.get(page).text
    assert audited("shown") == 0
    assert card in teacher.post(page).text
    assert audited("shown") == 1


def test_a_child_in_trouble_is_on_its_teachers_home_until_helped(made, opened, browse, tablet):
    show_board(tablet, opened)
    tablet.post("/entrer/oubli/", {"qui": str(made.pupils["Lou"].pk)})
    teacher = browse("Claire")
    assert "Lou Sabatier n’arrive pas à entrer" in teacher.get("/").text
    assert "Lou Sabatier n’arrive" not in browse("Joan").get("/").text
    teacher.post(f"/acces/eleves/{made.pupils['Lou'].pk}/aider/")
    assert "n’arrive pas à entrer" not in teacher.get("/").text


def test_renewing_the_class_kills_every_card_and_every_sequence(made, opened, browse, door_page, tablet):
    cards = [card_path(made, name) for name in ("Lou", "Max")]
    pictures = right(made, "Lou")
    browse("Claire").post(f"{door_page}renouveler/")
    assert {tablet.get(card).url for card in cards} == {"/entrer/"}
    show_board(tablet, opened)
    assert press(tablet, made, "Lou", pictures).status_code == 422
    assert audited("class_renewed") == 1


def test_nothing_secret_is_stored(made, opened):
    key, door = key_of(made, "Lou"), ClassDoor.objects.get()
    stored = str([*PupilKey.objects.values(), *ClassDoor.objects.values()])
    secrets = [secrets_of.card_of(key), secrets_of.password_of(key), secrets_of.board_code_of(door)]
    for secret in (*secrets, secrets[0].replace("-", ""), " ".join(secrets_of.pictures_of(key, 4))):
        assert secret not in stored


def test_each_child_of_a_class_has_its_own_animal(made, opened):
    faces = [held.key.face for held in held_in(made.classes["CE2"])]
    assert len(faces) == len(set(faces)) == 3


def test_a_pupil_who_forgot_a_password_reaches_its_teacher(made):
    assert services.ask_for_help_of(made.user("Lou")) is True
    assert services.ask_for_help_of(made.user("Sophie")) is False
    assert key_of(made, "Lou").help_asked_at is not None


@pytest.mark.parametrize("page", ["class", "faces"])
def test_pages_ask_the_same_queries_whatever_the_size_of_the_class(
    made, opened, browse, tablet, door_page, page, django_assert_num_queries, django_assert_max_num_queries
):
    show_board(tablet, opened)
    client, path = (browse("Claire"), door_page) if page == "class" else (tablet, "/entrer/ma-classe/")
    client.get(path)  # what a process learns once
    with django_assert_max_num_queries(20) as few:
        client.get(path)
    for n in range(5):
        add_pupil(made, f"Enfant{n}", "Autre", "CE2")
    services.ensure_keys(made.classes["CE2"])
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(path)


def test_who_is_in_is_said_of_this_opening_only(made, opened, browse, tablet, clock, door_page):
    tablet.post(card_path(made, "Lou"))
    clock.shift(timedelta(hours=3))
    services.open_class(actor=None, school_class=made.classes["CE2"], duration="30")
    assert "dans l’espace depuis" not in browse("Claire").get(door_page).text


def test_the_board_shows_the_code_while_it_is_open(made, opened, browse, door_page, clock):
    teacher = browse("Claire")
    assert secrets_of.board_code_of(opened) in teacher.get(f"{door_page}tableau/").text
    clock.shift(timedelta(hours=2))
    assert teacher.get(f"{door_page}tableau/").status_code == 302
