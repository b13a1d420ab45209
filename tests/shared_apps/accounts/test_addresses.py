"""The address: confirmed by the new one, told to the old one, which may take it back."""

import re

import pytest
import time_machine

from core.tenancy import in_schema
from shared_apps.accounts import addresses
from shared_apps.accounts.models import AddressChange, Device, User
from shared_apps.audit.models import Entry
from tests.shared_apps.accounts.pages import (
    LEZIGNAN,
    NARBONNE,
    PASSWORD,
    SCHEMAS,
    account,
    is_inside,
    sign_in,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db
OLD, NEW, THIEF = "sophie@exemple.fr", "s@nouvelle.fr", "voleur@exemple.fr"


@pytest.fixture
def sophie(narbonne):
    return account(email=OLD)


@pytest.fixture
def browser(sophie):
    inside = visitor()
    sign_in(inside)
    return inside


def change(browser, email: str, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return browser.post("/mon-compte/adresse/", {"email": email, "current": PASSWORD})


def press(path: str, django_capture_on_commit_callbacks, browser=None):
    """Open the link of a mail, press its button."""
    browser = browser or visitor()
    page = browser.get(path)
    assert page.status_code == 200, words(page)
    with django_capture_on_commit_callbacks(execute=True):
        return browser.post(path.split("?")[0], {"cle": path.split("cle=")[1]})


def link(mail) -> str:
    return re.search(r"https://narbonne\.localhost(/adresse/\S+)", mail.body).group(1)


def email_of(user) -> str:
    with in_schema(SCHEMAS[NARBONNE]):
        return User.objects.get(pk=user.pk).email


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_nothing_changes_before_the_new_address_answers(sophie, browser, commits, mailoutbox):
    assert change(browser, NEW, commits).url == "/mon-compte/"
    assert email_of(sophie) == OLD
    assert [mail.to for mail in mailoutbox] == [[NEW]]
    assert "attend d’être confirmée" in words(browser.get("/mon-compte/"))
    press(link(mailoutbox[0]), commits)
    assert email_of(sophie) == NEW


def test_opening_the_link_alone_confirms_nothing(sophie, browser, commits, mailoutbox):
    change(browser, NEW, commits)
    visitor().get(link(mailoutbox[0]))
    assert email_of(sophie) == OLD


def test_the_old_address_is_told_and_takes_it_back_with_every_session_closed(sophie, browser, commits, mailoutbox):
    change(browser, THIEF, commits)
    press(link(mailoutbox[0]), commits)
    told = mailoutbox[1]
    assert told.to == [OLD] and "Ce n’était pas vous" in told.body
    assert press(link(told), commits).url == "/oubli/mot-de-passe/"
    assert email_of(sophie) == OLD
    assert not is_inside(browser)
    with in_schema(SCHEMAS[NARBONNE]):
        assert not Device.objects.exists()
        assert Entry.objects.filter(action="accounts.address_reverted").count() == 1


def test_a_thief_who_changed_twice_can_not_take_back_what_was_taken_back(sophie, browser, commits, mailoutbox):
    for number, email in enumerate((THIEF, "autre@exemple.fr")):
        change(browser, email, commits)
        press(link(mailoutbox[2 * number]), commits)
    to_sophie, to_thief = mailoutbox[1], mailoutbox[3]
    assert to_sophie.to == [OLD] and to_thief.to == [THIEF]
    press(link(to_sophie), commits)
    assert visitor().get(link(to_thief)).status_code == 410
    assert email_of(sophie) == OLD


def test_taking_an_address_away_is_done_at_once_and_told(sophie, browser, commits, mailoutbox):
    change(browser, "", commits)
    assert email_of(sophie) == ""
    assert [mail.to for mail in mailoutbox] == [[OLD]]


@pytest.mark.parametrize(("which", "life"), [(0, addresses.TO_CONFIRM), (1, addresses.TO_REVERT)])
def test_a_link_ends(sophie, commits, mailoutbox, which, life):
    with time_machine.travel("2026-11-24 08:00:00", tick=False) as clock:
        browser = visitor()
        sign_in(browser)
        change(browser, NEW, commits)
        if which:
            press(link(mailoutbox[0]), commits)
        path = link(mailoutbox[which])
        clock.shift(life.total_seconds() - 1)
        assert visitor().get(path).status_code == 200
        clock.shift(2)
        assert visitor().get(path).status_code == 410


def test_asking_for_another_address_kills_the_link_before(sophie, browser, commits, mailoutbox):
    change(browser, THIEF, commits)
    change(browser, NEW, commits)
    stale = visitor().get(link(mailoutbox[0]))
    assert stale.status_code == 410 and "Ce lien n’est plus valable" in words(stale)


def test_a_link_of_one_commune_is_nothing_in_another_and_one_purpose_is_not_the_other(
    sophie, browser, commits, mailoutbox, lezignan
):
    change(browser, NEW, commits)
    path = link(mailoutbox[0])
    assert visitor(LEZIGNAN).get(path).status_code == 410
    assert visitor().get(path.replace("confirmer", "annuler")).status_code == 410
    assert visitor().get("/adresse/confirmer/?cle=faux").status_code == 410


def test_the_same_address_again_asks_nothing(sophie, browser, commits, mailoutbox):
    change(browser, OLD.upper(), commits)
    assert mailoutbox == []


def test_an_account_does_not_fill_the_mailbox_of_a_stranger(sophie, browser, commits, mailoutbox):
    for number in range(8):
        change(browser, f"victime{number}@exemple.fr", commits)
    assert len(mailoutbox) == 5


def test_addresses_of_before_are_forgotten_after_a_month(sophie, browser, commits):
    change(browser, NEW, commits)
    with in_schema(SCHEMAS[NARBONNE]):
        addresses.forget_old()
        assert AddressChange.objects.count() == 1
        AddressChange.objects.update(created_at="2026-01-01T00:00Z")
        addresses.forget_old()
        assert AddressChange.objects.count() == 0
