"""« Mon compte »: password, address, sessions; on both hosts."""

import pytest

from core.tenancy import in_public, in_schema
from shared_apps.accounts import throttle
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import (
    ACADEMY,
    NARBONNE,
    PASSWORD,
    SCHEMAS,
    account,
    is_inside,
    sign_in,
    visitor,
    words,
)
from tests.support import sign_in as support

pytestmark = pytest.mark.django_db
NEW = "un autre qui se retient aussi"


@pytest.fixture
def sophie(narbonne):
    return account(email="sophie@exemple.fr")


@pytest.fixture
def browser(sophie):
    inside = visitor()
    sign_in(inside)
    return inside


def change(browser, current: str = PASSWORD, password: str = NEW):
    return browser.post("/mon-compte/mot-de-passe/", {"current": current, "password": password})


def test_the_page_says_who_one_is_here(browser):
    page = words(browser.get("/mon-compte/"))
    for fact in ("Sophie Ferrer", "sophie.ferrer", "sophie@exemple.fr", "Cette connexion est ouverte depuis"):
        assert fact in page


def test_a_new_password_replaces_the_old_one_and_keeps_this_session_only(sophie, browser):
    phone = visitor()
    sign_in(phone)
    key = browser.session.session_key
    assert change(browser).url == "/mon-compte/"
    assert "Votre mot de passe est changé." in words(browser.get("/mon-compte/"))
    assert browser.session.session_key != key
    assert not is_inside(phone)
    assert sign_in(visitor()).status_code == 422
    assert sign_in(visitor(), password=NEW).status_code == 302
    with in_schema(SCHEMAS[NARBONNE]):
        assert Entry.objects.filter(action="accounts.password_changed", actor_id=sophie.pk).count() == 1


def test_who_does_not_know_the_present_password_changes_nothing_and_is_stopped(browser):
    for left in (4, 3, 2, 1, 0):
        answer = change(browser, current="deviné")
        assert answer.status_code == 422
        assert f"Ce n’est pas votre mot de passe. Il reste {left} essai" in words(answer)
    assert "Trop d’essais" in words(change(browser))
    assert sign_in(visitor()).status_code == 302


@pytest.mark.parametrize(
    ("password", "why"), [("court", "12 caractères"), ("Narbonne2026!", "un nom"), ("", "obligatoire")]
)
def test_a_weak_new_password_is_refused_in_french(browser, password, why):
    answer = change(browser, password=password)
    assert answer.status_code == 422
    assert why in words(answer)
    assert sign_in(visitor()).status_code == 302


def test_an_address_is_asked_for_by_who_knows_the_password(sophie, browser):
    page = "/mon-compte/adresse/"
    assert browser.post(page, {"email": "s@nouvelle.fr", "current": PASSWORD}).url == "/mon-compte/"
    assert browser.post(page, {"email": "voleur@exemple.fr", "current": "non"}).status_code == 422
    assert browser.post(page, {"email": "pas une adresse", "current": PASSWORD}).status_code == 422
    with in_schema(SCHEMAS[NARBONNE]):
        assert [change.new_email for change in sophie.address_changes.all()] == ["s@nouvelle.fr"]


def test_without_the_counters_nothing_is_changed(browser, monkeypatch):
    class Lost:
        def __getattr__(self, name):
            raise ConnectionError

    monkeypatch.setattr(throttle, "cache", Lost())
    assert "La connexion est fermée pour le moment" in words(change(browser))


@pytest.mark.parametrize("page", ["/mon-compte/", "/mon-compte/mot-de-passe/", "/mon-compte/adresse/"])
@pytest.mark.parametrize("host", [NARBONNE, ACADEMY])
def test_a_visitor_must_sign_in_first(narbonne, host, page):
    assert visitor(host).get(page).url == f"/connexion/?next={page}"


def test_staff_of_the_academy_change_theirs_too(db):
    account(ACADEMY, "lise.martin")
    browser = visitor(ACADEMY)
    with in_public():
        support.sign_in(browser, ACADEMY, User.objects.get(), **{SECOND_FACTOR_KEY: True})
    assert "Second facteur" in words(browser.get("/mon-compte/"))
    assert change(browser).status_code == 302
    assert browser.get("/mon-compte/").status_code == 200, "the second factor stays given"
