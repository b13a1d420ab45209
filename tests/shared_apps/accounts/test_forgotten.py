"""Forgotten password, forgotten identifier: the same answer for everybody, help for who has no address."""

import re

import pytest
import time_machine

from core import registry
from core.registry import AccountTies, Helper
from core.tenancy import in_schema
from shared_apps.accounts import forgotten, throttle
from shared_apps.accounts.models import User
from shared_apps.notifications.models import Notification, OutboxEntry
from tests.shared_apps.accounts.pages import (
    ACADEMY,
    LEZIGNAN,
    NARBONNE,
    SCHEMAS,
    account,
    is_inside,
    sign_in,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db
NEW = "un autre qui se retient aussi"


@pytest.fixture
def sophie(narbonne):
    return account(email="sophie@exemple.fr")


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    def post(what: str, host: str = NARBONNE, at: str = "192.0.2.1", **typed):
        with django_capture_on_commit_callbacks(execute=True):
            return visitor(host).post(f"/oubli/{what}/", typed, REMOTE_ADDR=at)

    return post


def link(mail) -> str:
    return re.search(r"https://narbonne\.localhost(/oubli/nouveau/\S+)", mail.body).group(1)


def choose(path: str, password: str = NEW):
    return visitor().post(path.split("?")[0], {"cle": path.split("cle=")[1], "password": password})


def test_a_link_leads_to_a_new_password_once_and_closes_the_sessions(sophie, ask, mailoutbox):
    inside = visitor()
    sign_in(inside)
    assert ask("mot-de-passe", identifier="Sophie.Ferrer").status_code == 200
    assert [mail.to for mail in mailoutbox] == [["sophie@exemple.fr"]]
    path = link(mailoutbox[0])
    assert "sophie.ferrer" in words(visitor().get(path))
    assert choose(path).url == "/connexion/"
    assert not is_inside(inside)
    assert sign_in(visitor()).status_code == 422
    assert sign_in(visitor(), password=NEW).status_code == 302
    assert choose(path, "encore un autre à retenir").status_code == 410


def test_the_answer_is_the_same_for_who_exists_and_who_does_not(sophie, ask, mailoutbox):
    account(identifier="sans.adresse")
    answers = {words(ask("mot-de-passe", identifier=who)) for who in ("sophie.ferrer", "sans.adresse", "personne.ici")}
    assert len(answers) == 1
    with in_schema(SCHEMAS[NARBONNE]):
        assert OutboxEntry.objects.filter(kind="accounts.mail").count() == 3, "one row whoever was asked for"


def test_a_weak_new_password_is_refused_and_the_link_still_serves(sophie, ask, mailoutbox):
    ask("mot-de-passe", identifier="sophie.ferrer")
    path = link(mailoutbox[0])
    assert "12 caractères" in words(choose(path, "court"))
    assert choose(path).status_code == 302


def test_the_link_ends_after_an_hour_and_with_a_password_changed_meanwhile(sophie, ask, mailoutbox):
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        ask("mot-de-passe", identifier="sophie.ferrer")
        path = link(mailoutbox[0])
        clock.shift(forgotten.LIFE.total_seconds() + 1)
        assert visitor().get(path).status_code == 410


def test_a_link_of_one_commune_is_nothing_in_another(sophie, ask, mailoutbox, lezignan):
    ask("mot-de-passe", identifier="sophie.ferrer")
    assert visitor(LEZIGNAN).get(link(mailoutbox[0])).status_code == 410


@pytest.mark.parametrize("facts", [{"is_active": False}, {"activated_at": None}])
def test_a_closed_account_and_one_never_activated_get_no_link(narbonne, ask, mailoutbox, facts):
    account(email="sophie@exemple.fr", **facts)
    ask("mot-de-passe", identifier="sophie.ferrer")
    assert mailoutbox == []


def test_asking_ten_times_sends_one_mail(sophie, ask, mailoutbox):
    with time_machine.travel("2026-11-24 08:00:00", tick=False):
        for _turn in range(10):
            ask("mot-de-passe", identifier="sophie.ferrer")
    assert len(mailoutbox) == 1


def test_who_asks_for_everybody_is_stopped(sophie, ask):
    for number in range(throttle.ASKED_PER_ADDRESS):
        ask("mot-de-passe", identifier=f"inconnu{number}", at="203.0.113.9")
    assert ask("mot-de-passe", identifier="sophie.ferrer", at="203.0.113.9").status_code == 422
    assert ask("mot-de-passe", identifier="sophie.ferrer").status_code == 200


def test_without_an_address_those_who_can_help_are_told_once_a_day(narbonne, ask, mailoutbox, monkeypatch):
    account(identifier="karim.ferrer", first_name="Karim")
    head = account(identifier="martine.calas", first_name="Martine", last_name="Calas")
    monkeypatch.setattr(registry.account_helpers, "_items", {"test": lambda user: [Helper(head, "/ecole/")]})
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        ask("mot-de-passe", identifier="karim.ferrer")
        clock.shift(1200)
        ask("mot-de-passe", identifier="karim.ferrer")
    with in_schema(SCHEMAS[NARBONNE]):
        notice = Notification.objects.get(kind="accounts.help")
        assert notice.user_id == head.pk and notice.title == "Karim Ferrer n’arrive plus à se connecter"


# --- the identifier


@pytest.fixture
def schools(monkeypatch):
    monkeypatch.setattr(registry.places, "_items", {"test": lambda: ["Lakanal", "Arago"]})
    ties = {"test": lambda user: AccountTies(words=("Lakanal",) if user.first_name == "Élodie" else ())}
    monkeypatch.setattr(registry.account_ties, "_items", ties)


@pytest.fixture
def elodie(narbonne, schools):
    return account(identifier="elodie.roca", first_name="Élodie", last_name="Roca", email="roca@exemple.fr")


def test_address_first_name_and_school_together_bring_the_identifier(elodie, ask, mailoutbox):
    ask("identifiant", email="ROCA@exemple.fr", first_name=" elodie", place="Lakanal")
    assert [mail.to for mail in mailoutbox] == [["roca@exemple.fr"]]
    assert "elodie.roca" in mailoutbox[0].body


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "roca@exemple.fr", "first_name": "Élodie", "place": "Arago"},
        {"email": "roca@exemple.fr", "first_name": "Élodie", "place": ""},
        {"email": "roca@exemple.fr", "first_name": "Marc", "place": "Lakanal"},
        {"email": "autre@exemple.fr", "first_name": "Élodie", "place": "Lakanal"},
    ],
)
def test_with_one_of_the_three_wrong_nothing_leaves_and_the_answer_is_the_same(elodie, ask, mailoutbox, typed):
    right = words(ask("identifiant", email="roca@exemple.fr", first_name="Élodie", place="Lakanal"))
    mailoutbox.clear()
    assert words(ask("identifiant", **typed)) == right
    assert mailoutbox == []


def test_an_address_confirmed_nowhere_is_in_no_outbox(elodie, ask):
    ask("identifiant", email="roca@exemple.fr", first_name="Élodie", place="Lakanal")
    with in_schema(SCHEMAS[NARBONNE]):
        assert "roca" not in str(list(OutboxEntry.objects.values_list("payload", flat=True)))
        assert User.objects.get().email == "roca@exemple.fr"


def test_staff_of_the_academy_find_theirs_without_any_school(db, ask, mailoutbox):
    account(ACADEMY, "nadia.bousquet", first_name="Nadia", email="nadia@exemple.fr")
    account(ACADEMY, "lise.martin", first_name="Lise")
    assert "École" not in words(visitor(ACADEMY).get("/oubli/identifiant/"))
    ask("identifiant", host=ACADEMY, email="nadia@exemple.fr", first_name="Nadia")
    ask("mot-de-passe", host=ACADEMY, identifier="nadia.bousquet")
    ask("mot-de-passe", host=ACADEMY, identifier="lise.martin")
    assert [mail.subject for mail in mailoutbox] == ["Votre identifiant", "Choisir un nouveau mot de passe"]
