"""One's box: folders, bin, search, hours; the same queries however many messages."""

from datetime import date, time

import pytest
from django.conf import settings as conf
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from tenant_apps.messages import services
from tenant_apps.messages.models import Copy, Message
from tenant_apps.messages.querysets import SENT, TRASH
from tenant_apps.messages.views.common import PER_PAGE
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
INBOX = "/messages/"


def text(response):
    return " ".join(response.content.decode().split())


def act(browser, message, **typed):
    return browser.post(reverse("messaging:move"), {"message": [message.pk]} | typed)


def settings(user, **facts):
    return services.set_preference(actor=user, **({"folders": []} | facts))


@pytest.fixture
def sophie(room):
    return room.guardians["Sophie"]


@pytest.fixture
def message(room, sophie):
    return factories.sent(room.teacher, factories.person(sophie))


def test_what_is_thrown_away_is_taken_back(message, sophie, browser_of):
    browser = browser_of(HOST, sophie)
    act(browser, message, act="trash")
    assert "Piscine" not in text(browser.get(INBOX))
    assert "Piscine" in text(browser.get(INBOX, {"dossier": "corbeille"}))
    act(browser, message, act="restore")
    assert "Piscine" in text(browser.get(INBOX))


@pytest.mark.parametrize("box", ["", SENT, TRASH])
def test_a_box_is_read_in_two_messages(message, room, sophie, browser_of, box, django_assert_max_num_queries):
    """Who it is; one's folders, how many rows there are and the first of them."""
    browser = browser_of(HOST, room.teacher if box == SENT else sophie)
    if box == TRASH:
        act(browser, message, act="trash")
    facts = {"dossier": box} if box else {}
    browser.get(INBOX, facts)
    with django_assert_max_num_queries(2):
        assert "Piscine" in text(browser.get(INBOX, facts))


@pytest.mark.parametrize("page", ["1", "2", "99", "last", "x"])
def test_a_page_that_is_asked_by_its_number_is_that_page(room, sophie, browser_of, page):
    for n in range(PER_PAGE + 1):
        factories.sent(room.teacher, factories.person(sophie), subject=f"Sujet {n:02}")
    shown = text(browser_of(HOST, sophie).get(INBOX, {"page": page}))
    assert ("Sujet 00" in shown) is (page in ("2", "99"))
    assert ("Sujet 20" in shown) is (page in ("1", "last", "x"))


def test_a_message_is_put_in_a_folder_of_one_s_own_and_comes_back_when_it_goes(message, sophie, browser_of):
    browser = browser_of(HOST, sophie)
    browser.post(reverse("messaging:preferences"), {"folders": "Sorties\nSorties\n"})
    act(browser, message, act="folder", folder="Sorties")
    assert "Piscine" not in text(browser.get(INBOX))
    assert "Piscine" in text(browser.get(INBOX, {"dossier": "Sorties"}))
    act(browser, message, act="folder", folder="Ailleurs")
    assert Copy.objects.get(account=sophie).folder == "Sorties"
    browser.post(reverse("messaging:preferences"), {"folders": ""})
    assert "Piscine" in text(browser.get(INBOX))


def test_nobody_moves_the_copy_of_another(message, room, browser_of):
    act(browser_of(HOST, room.head), message, act="trash")
    assert not Copy.objects.exclude(trashed_at=None).exists()


def test_the_search_ignores_accents_and_forgives_a_typing_error(room, sophie, browser_of):
    factories.sent(room.teacher, factories.person(sophie), subject="Kermesse", body="Une fête à l’école, samedi.")
    browser = browser_of(HOST, sophie)
    assert "Kermesse" in text(browser.get(INBOX, {"q": "fete ECOLE"}))
    assert "Kermesse" in text(browser.get(INBOX, {"q": "kermese"}))
    assert "ne contient" in text(browser.get(INBOX, {"q": "dentiste"}))


def test_the_search_finds_nothing_of_others(room, sophie, browser_of):
    factories.sent(room.teacher, factories.person(sophie), subject="Kermesse")
    assert "Kermesse" not in text(browser_of(HOST, room.guardians["Laure"]).get(INBOX, {"q": "kermesse"}))


@pytest.mark.parametrize("address", ["", "?dossier=envoyes", "brouillons/", "?q=piscine"])
def test_a_list_makes_the_same_queries_however_long(address, room, sophie, browser_of):
    def count():
        cache.clear()
        browser.get(INBOX)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(INBOX + address).status_code == 200
        return len(seen)

    reader = sophie if address in ("", "?q=piscine") else room.teacher
    browser = browser_of(HOST, reader)
    factories.sent(room.teacher, factories.person(sophie))
    factories.draft(room.teacher)
    few = count()
    for _turn in range(4):
        factories.sent(room.teacher, factories.person(sophie))
        factories.draft(room.teacher)
    assert count() == few <= 12


def test_a_thread_makes_the_same_queries_however_long(room, sophie, browser_of):
    message = factories.sent(room.teacher, factories.person(sophie))
    browser = browser_of(HOST, sophie)

    def count():
        browser.get(message.get_absolute_url())
        with CaptureQueriesContext(connection) as seen:
            browser.get(message.get_absolute_url())
        return len(seen)

    services.answer(actor=sophie, message=message, body="Merci")
    factories.deliver()
    few = count()
    for _turn in range(3):
        services.answer(actor=sophie, message=message, body="Encore merci")
        factories.deliver()
    assert count() == few


def test_a_message_of_the_quiet_hours_is_handed_over_after_them(room, sophie, browser_of):
    settings(sophie, quiet_from=time(20), quiet_until=time(7, 30))
    with travel("2026-11-24 21:00:00+01:00"):
        factories.sent(room.teacher, factories.person(sophie))
        assert "Piscine" not in text(browser_of(HOST, sophie).get(INBOX))
    with travel("2026-11-25 07:31:00+01:00"):
        assert "Piscine" in text(browser_of(HOST, sophie).get(INBOX))


def test_mails_wait_for_the_morning(room, sophie, mailoutbox, monkeypatch):
    monkeypatch.setattr(conf, "ENT_QUIET_HOURS", True)
    with travel("2026-11-24 21:00:00+01:00"):
        factories.sent(room.teacher, factories.person(sophie))
        assert mailoutbox == []
    with travel("2026-11-25 07:31:00+01:00"):
        factories.deliver()
        assert len(mailoutbox) == 1


def test_who_is_absent_gets_it_on_coming_back_and_the_sender_is_told_before(room, sophie, browser_of):
    settings(
        room.teacher, absent_from=date(2026, 11, 23), absent_until=date(2026, 11, 30), absence_words="Voyez M. Pujol."
    )
    draft = factories.draft(sophie, factories.person(room.teacher))
    shown = text(browser_of(HOST, sophie).get(reverse("messaging:send", args=[draft.pk])))
    assert "Mme Vidal est absent" in shown
    assert "Voyez M. Pujol." in shown
    services.send(actor=sophie, message=draft)
    factories.deliver()
    assert "Piscine" not in text(browser_of(HOST, room.teacher).get(INBOX))
    with travel("2026-11-30 08:00:00+01:00"):
        assert "Piscine" in text(browser_of(HOST, room.teacher).get(INBOX))


def test_a_saved_list_is_written_to_again(room, sophie, browser_of):
    browser = browser_of(HOST, room.teacher)
    typed = {"to": [factories.person(sophie)], "body": "Bonjour", "go": "list", "list_name": "Accompagnateurs"}
    browser.post(reverse("messaging:write"), typed)
    kept = room.teacher.recipient_lists.get()
    assert "Accompagnateurs" in text(browser.get(reverse("messaging:write")))
    browser.post(reverse("messaging:write"), {"to": [f"list:{kept.pk}"], "body": "Rendez-vous à 9 h", "go": "send"})
    assert Message.objects.latest("created_at").to == [factories.person(sophie)]


def test_the_home_page_says_how_many_wait_to_be_read(room, browser_of):
    for subject in ("Piscine", "Sortie"):
        factories.sent(room.teacher, factories.person(room.guardians["Sophie"]), subject=subject)
    browser = browser_of(HOST, room.guardians["Sophie"])
    assert "2 messages à lire" in text(browser.get("/"))
    message = Message.objects.latest("sent_at")
    browser.get(message.get_absolute_url())
    assert "1 message à lire" in text(browser.get("/"))
    factories.sent(room.guardians["Sophie"], factories.person(room.teacher))
    assert "1 message à lire" in text(browser_of(HOST, room.teacher).get("/"))
