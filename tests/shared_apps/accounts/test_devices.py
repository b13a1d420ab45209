"""My devices: what is noted, what is told, what is closed."""

import pytest
import time_machine
from django.conf import settings

from core.tenancy import in_schema
from shared_apps.accounts import devices, services, throttle
from shared_apps.accounts.models import Device
from shared_apps.notifications.models import Notification
from tests.shared_apps.accounts.pages import LEZIGNAN, NARBONNE, SCHEMAS, account, is_inside, sign_in, visitor, words

pytestmark = pytest.mark.django_db
PAGE = "/mon-compte/appareils/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604"
)
TABLET = "Mozilla/5.0 (Linux; Android 15; SM-X200) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def sophie(narbonne):
    return account(email="sophie@exemple.fr")


def on(agent: str):
    browser = visitor()
    browser.defaults["HTTP_USER_AGENT"] = agent
    return browser


def signed_in(agent: str = FIREFOX):
    browser = on(agent)
    sign_in(browser)
    return browser


def rows() -> list[Device]:
    with in_schema(SCHEMAS[NARBONNE]):
        return list(Device.objects.order_by("created_at"))


def told() -> list[str]:
    with in_schema(SCHEMAS[NARBONNE]):
        return list(Notification.objects.filter(kind="accounts.new_device").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("agent", "kind", "label"),
    [
        (FIREFOX, "computer", "Firefox, Windows"),
        (IPHONE, "phone", "Safari, iPhone"),
        (TABLET, "tablet", "Chrome, Android"),
        ("", "computer", ""),
        ("<script>alert(1)</script>", "computer", ""),
    ],
)
def test_a_device_is_noted_by_what_its_owner_recognises(sophie, agent, kind, label):
    signed_in(agent)
    assert [(row.kind, row.label) for row in rows()] == [(kind, label)]


def test_the_first_device_is_not_news_the_second_is_told_on_the_page_and_by_mail(sophie, mailoutbox):
    signed_in()
    assert told() == []
    signed_in(IPHONE)
    assert len(told()) == 1 and "téléphone (Safari, iPhone)" in told()[0]


def test_the_same_browser_is_one_device_however_often_it_comes_back(sophie):
    browser = signed_in()
    browser.post("/deconnexion/")
    sign_in(browser)
    assert len(rows()) == 1 and told() == []


def test_signing_in_again_closes_the_session_it_had(sophie):
    browser = signed_in()
    copy = visitor()
    copy.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    sign_in(browser)
    assert is_inside(browser) and not is_inside(copy)


def test_the_page_lists_mine_and_says_which_one_this_is(sophie):
    account(identifier="karim.ferrer")
    browser = signed_in()
    other = on(IPHONE)
    sign_in(other, "karim.ferrer")
    page = words(browser.get(PAGE))
    assert "Ordinateur Firefox, Windows" in page and "Celui-ci" in page and "iPhone" not in page


def test_one_is_closed_from_another(sophie):
    here, lost = signed_in(), signed_in(IPHONE)
    phone = next(row for row in rows() if row.kind == "phone")
    assert here.post(f"{PAGE}{phone.pk}/fermer/").url == PAGE
    assert not is_inside(lost) and is_inside(here)
    assert [row.kind for row in rows()] == ["computer"]


def test_one_does_not_close_the_device_of_another(sophie):
    account(identifier="karim.ferrer")
    signed_in()
    karim = visitor()
    sign_in(karim, "karim.ferrer")
    assert karim.post(f"{PAGE}{rows()[0].pk}/fermer/").status_code == 404


def test_closing_this_one_signs_out(sophie):
    browser = signed_in()
    assert browser.post(f"{PAGE}{rows()[0].pk}/fermer/").url == "/connexion/"
    assert not is_inside(browser)


@pytest.mark.parametrize("act", ["everywhere", "renewed"])
def test_closing_everything_makes_every_browser_a_stranger_again(sophie, act):
    browser = signed_in()
    if act == "everywhere":
        browser.post("/deconnexion/partout/")
    else:
        with in_schema(SCHEMAS[NARBONNE]):
            services.renew_code(actor=None, user=sophie)
    assert rows() == [] and not is_inside(browser)


def test_the_cookie_tells_nothing_and_is_of_this_host(sophie):
    answer = sign_in(on(FIREFOX))
    cookie = answer.cookies[devices.COOKIE]
    assert cookie["secure"] and cookie["httponly"] and not cookie["domain"] and cookie["path"] == "/"
    assert cookie.value not in str([vars(row) for row in rows()])


def test_a_cookie_of_one_commune_is_unknown_in_another(sophie, lezignan):
    account(LEZIGNAN)
    browser = signed_in()
    elsewhere = visitor(LEZIGNAN)
    elsewhere.cookies[devices.COOKIE] = browser.cookies[devices.COOKIE].value
    sign_in(elsewhere)
    with in_schema(SCHEMAS[LEZIGNAN]):
        digest = Device.objects.get().token_digest
    assert digest != rows()[0].token_digest


def test_seen_is_noted_to_the_hour(sophie):
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        browser = signed_in()
        first = rows()[0].last_seen_at
        clock.shift(60)
        is_inside(browser)
        assert rows()[0].last_seen_at == first
        clock.shift(3600)
        is_inside(browser)
        assert rows()[0].last_seen_at > first


# --- a third party who types my identifier all day


def test_a_stranger_slows_strangers_down_but_not_a_browser_that_the_account_knows(sophie):
    mine = signed_in()
    mine.post("/deconnexion/")
    for turn in range(throttle.PER_ACCOUNT + 1):
        sign_in(visitor(), password="non", at=f"198.51.100.{turn}")
    assert "Trop d’essais" in words(sign_in(visitor()))
    assert sign_in(mine).status_code == 302


def test_a_known_browser_guesses_no_more_than_another(sophie):
    thief = signed_in()
    thief.post("/deconnexion/")
    for _turn in range(throttle.PER_ACCOUNT):
        sign_in(thief, password="non")
    assert "Trop d’essais" in words(sign_in(thief))


def test_an_invented_device_cookie_exempts_from_nothing(sophie):
    for _turn in range(throttle.PER_ACCOUNT):
        sign_in(visitor(), password="non")
    liar = visitor()
    liar.cookies[devices.COOKIE] = "x" * 43
    assert "Trop d’essais" in words(sign_in(liar))
