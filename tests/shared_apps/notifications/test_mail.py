"""A mail names the child, leads to the commune's own address, and is sent to who may still get it."""

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from core.tenancy import in_schema
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.notifications.services import Notice, notify, notify_all
from tests.support.people import account

TITLE = "Inès · À signer avant demain : sortie au musée"


def tell(user, **changes):
    facts = {"kind": "liaison.to_sign", "title": TITLE, "path": "/mots/1/", "key": f"note:1:{user.pk}"}
    notify(user=user, **facts | changes)


@pytest.fixture
def sophie(in_narbonne):
    return account(email="sophie@exemple.fr")


def test_a_notice_is_a_line_of_the_page_and_a_mail(sophie):
    tell(sophie)
    outbox.deliver_due()
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (TITLE, ["sophie@exemple.fr"])
    assert Notification.objects.get().title == TITLE


def test_a_mail_leads_to_the_communes_own_address_in_text_and_in_html(sophie):
    tell(sophie)
    outbox.deliver_due()
    (sent,) = mail.outbox
    (html,) = sent.alternatives
    for body in (sent.body, html.content):
        assert "https://narbonne.localhost/mots/1/" in body
        assert "Bonjour Sophie" in body
        assert TITLE in body


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a\r\nBcc: tous@exemple.fr", "x" * 300])
def test_a_title_stays_a_title(sophie, title):
    tell(sophie, title=title)
    outbox.deliver_due()
    (sent,) = mail.outbox
    (html,) = sent.alternatives
    assert "<script>" not in html.content
    assert len(sent.subject.splitlines()) == 1
    assert sent.recipients() == ["sophie@exemple.fr"]
    assert sent.message()["Bcc"] is None


def test_the_same_occasion_is_told_once(sophie):
    tell(sophie)
    tell(sophie, title="autrement")
    outbox.deliver_due()
    assert Notification.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_mail_sent_twice_bears_the_same_message_id(sophie):
    """A worker killed after the sending, before the commit, sends again: mailboxes see one message."""
    tell(sophie)
    outbox.deliver_due()
    OutboxEntry.objects.update(delivered_at=None)
    outbox.deliver_due()
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second


def test_two_occasions_and_two_communes_bear_different_message_ids(narbonne, lezignan):
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            user = account(email="sophie@exemple.fr", pk="01a20e8e-7092-7c84-a839-42c6623e6245")
            tell(user)
            tell(user, key="note:2")
            outbox.deliver_due()
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 4
    assert [("narbonne" in m.body, "lezignan" in m.body) for m in mail.outbox] == [(True, False)] * 2 + [
        (False, True)
    ] * 2


@pytest.mark.parametrize("changes", [{"is_active": False}, {"email": ""}])
def test_who_lost_their_account_or_their_address_meanwhile_gets_no_mail(sophie, changes):
    tell(sophie)
    type(sophie).objects.update(**changes)
    outbox.deliver_due()
    assert mail.outbox == []
    assert OutboxEntry.objects.get().delivered_at is not None


def test_who_gave_no_address_finds_it_on_the_page(in_narbonne):
    tell(account())
    assert Notification.objects.count() == 1
    assert not OutboxEntry.objects.exists()


def test_telling_a_whole_school_costs_what_telling_one_costs(in_narbonne, django_assert_num_queries):
    users = [account(f"parent{n}", email=f"p{n}@exemple.fr") for n in range(50)]
    notices = [Notice(user, "liaison.to_sign", TITLE, "/mots/1/", f"note:1:{user.pk}") for user in users]
    with django_assert_num_queries(5):  # their choices, two INSERTs, in a transaction of their own
        notify_all(notices)
    assert Notification.objects.count() == OutboxEntry.objects.count() == 50


def test_a_page_of_another_host_is_refused_by_the_database(sophie):
    for path in ("https://ailleurs.example/", "//ailleurs.example/", "mots/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notification.objects.create(user=sophie, kind="test.x", title="t", url=path, key=path)
    assert connection.is_usable()
