"""How much one may send, and the proof that many recipients ask."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from shared_apps.accounts.models import SecondFactor
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, VERIFIED_KEY
from tenant_apps.messages import limits
from tenant_apps.messages.models import Message
from tests.support.sign_in import sign_in
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


@pytest.fixture
def many(monkeypatch):
    """Five parents are many, so that a test need not make fifty-one."""
    monkeypatch.setattr(limits, "MANY", 4)


def parents(room):
    return f"guardians:{room.school_class.pk}"


def test_a_pupil_sends_ten_messages_an_hour(cm2):
    ines = cm2.pupils["Inès"].person.account
    for _turn in range(limits.PUPIL_MESSAGES_AN_HOUR):
        factories.queued(ines, factories.person(cm2.teacher))
    with pytest.raises(DomainError) as refused:
        factories.queued(ines, factories.person(cm2.teacher))
    assert refused.value.code == "too_often"


def test_a_parent_writes_to_twenty_persons_a_day(room, monkeypatch):
    monkeypatch.setattr(limits, "GUARDIAN_RECIPIENTS_A_DAY", 3)
    sophie = room.guardians["Sophie"]
    factories.queued(sophie, factories.person(room.teacher), factories.person(room.head))
    with pytest.raises(DomainError) as refused:
        factories.queued(sophie, factories.person(room.teacher), factories.person(room.head))
    assert refused.value.code == "too_many_today"
    factories.queued(sophie, factories.person(room.teacher))


def test_who_also_teaches_is_not_held_to_the_limit_of_parents(room, monkeypatch):
    monkeypatch.setattr(limits, "GUARDIAN_RECIPIENTS_A_DAY", 1)
    room.pupils["Aya"].guardianships.create(guardian=room.teacher.person)
    factories.queued(room.teacher, parents(room))


def test_many_recipients_ask_a_confirmation(room, many):
    with pytest.raises(DomainError) as refused:
        factories.queued(room.teacher, parents(room))
    assert refused.value.code == "many"
    assert factories.queued(room.teacher, parents(room), is_confirmed=True).is_queued


def test_many_recipients_ask_the_second_factor_anew(room, many, browser_of):
    message = factories.draft(room.teacher, parents(room))
    page = reverse("messaging:send", args=[message.pk])
    browser = browser_of(HOST, room.teacher)
    assert browser.post(page, {"confirm": "1"}).url == reverse("accounts:enrol")
    SecondFactor.objects.create(user=room.teacher, secret=b"x", confirmed_at=timezone.now())
    old = {SECOND_FACTOR_KEY: True, VERIFIED_KEY: (timezone.now() - timedelta(hours=2)).isoformat()}
    sign_in(browser, HOST, room.teacher, **old)
    assert browser.post(page, {"confirm": "1"}).url == reverse("accounts:verify")
    message.refresh_from_db()
    assert message.is_draft


def test_with_the_factor_just_given_and_a_tick_it_leaves(room, many, browser_of):
    message = factories.draft(room.teacher, parents(room))
    page = reverse("messaging:send", args=[message.pk])
    browser = browser_of(HOST)
    sign_in(browser, HOST, room.teacher, **{SECOND_FACTOR_KEY: True, VERIFIED_KEY: timezone.now().isoformat()})
    assert "confirmez d’abord" in browser.post(page).content.decode()
    browser.post(page, {"confirm": "1"})
    message.refresh_from_db()
    assert message.is_queued


def test_two_clicks_at_once_send_once(room, browser_of):
    message = factories.draft(room.teacher, parents(room))
    browser = browser_of(HOST, room.teacher)
    page = reverse("messaging:send", args=[message.pk])
    browser.post(page)
    browser.post(page)
    factories.deliver()
    assert Message.objects.get().copies.count() == 6
