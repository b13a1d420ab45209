"""A reader shows a message to the head; the author never learns who."""

import pytest
from django.urls import reverse

from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification
from tenant_apps.messages.models import Copy, Report
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def message(room):
    return factories.sent(room.teacher, f"guardians:{room.school_class.pk}", body="Un texte qui blesse.")


@pytest.fixture
def report(message, room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    browser.post(reverse("messaging:report", args=[message.pk]), {"reason": "Cela me gêne", "go": "report"})
    return Report.objects.get()


def decide(browser, report, act):
    return browser.post(reverse("moderation:decide", args=[report.pk]), {"act": act})


def test_a_report_reaches_the_head_without_the_name_of_the_reporter(report, room, browser_of):
    assert Notification.objects.filter(user=room.head, kind="moderation.reported").count() == 1
    shown = text(browser_of(HOST, room.head).get(reverse("moderation:queue")))
    assert "Un texte qui blesse." in shown
    assert "Cela me gêne" in shown
    assert "Sophie" not in shown
    entry = Entry.objects.get(action="messaging.reported")
    assert entry.actor_id is None


def test_the_head_withdraws_it_from_everybody_and_it_is_kept_aside(report, message, room, browser_of):
    decide(browser_of(HOST, room.head), report, "withdraw")
    for guardian in ("Sophie", "Laure"):
        assert browser_of(HOST, room.guardians[guardian]).get(message.get_absolute_url()).status_code == 404
    assert Copy.objects.received().exclude(held_at=None).count() == 5
    report.refresh_from_db()
    assert report.state == "withdrawn"


def test_the_head_leaves_it(report, message, room, browser_of):
    decide(browser_of(HOST, room.head), report, "keep")
    assert browser_of(HOST, room.guardians["Laure"]).get(message.get_absolute_url()).status_code == 200


def test_a_head_does_not_judge_a_message_of_hers(room, browser_of):
    message = factories.sent(room.head, factories.person(room.guardians["Sophie"]))
    browser = browser_of(HOST, room.guardians["Sophie"])
    browser.post(reverse("messaging:report", args=[message.pk]), {"reason": "", "go": "report"})
    assert decide(browser_of(HOST, room.head), Report.objects.get(), "keep").status_code == 404


def test_who_did_not_get_a_message_does_not_report_it(message, room, browser_of):
    browser = browser_of(HOST, room.head)
    assert browser.post(reverse("messaging:report", args=[message.pk]), {"go": "report"}).status_code == 404
