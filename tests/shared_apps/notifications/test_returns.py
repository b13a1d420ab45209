"""An address that no longer exists is written to no more, and nobody can make us believe it of another's."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core import registry
from core.tenancy import in_public, in_schema
from shared_apps.notifications import digests, outbox, returns, services, tasks
from shared_apps.notifications.models import Notification, OutboxEntry, Preference
from shared_apps.notifications.services import Notice, notify_all
from tests.support.people import account

pytestmark = pytest.mark.django_db
NARBONNE = "narbonne.localhost"
REPORT = """To: {to}
From: postmaster@relais.example
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Votre message n’a pas été remis.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; sophie@exemple.fr
Action: {action}
Status: {status}

--B--
"""


@pytest.fixture
def sophie(in_narbonne, settings):
    settings.ENT_RETURNS_ADDRESS = "retours@ent.example"
    return account(email="sophie@exemple.fr")


def tell(user, title="Inès · À signer : sortie"):
    notify_all([Notice(user, "liaison.to_sign", title, "/mots/", f"{title}:{user.pk}")])
    outbox.deliver_due()


def report(to, action="failed", status="5.1.1"):
    return REPORT.format(to=to, action=action, status=status).encode()


class Mailbox:
    """What `IMAP4_SSL` is for us: some messages, deleted once expunged."""

    def __init__(self, *messages):
        self.messages, self.deleted, self.entered = dict(enumerate(messages, 1)), set(), None

    def __call__(self, host, port, **_options):
        self.place = (host, port)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def login(self, name, password):
        self.entered = (name, password)

    def select(self, _folder):
        pass

    def search(self, _charset, _what):
        return "OK", [" ".join(map(str, self.messages)).encode()]

    def fetch(self, number, _part):
        return "OK", [(b"", self.messages[int(number)])]

    def store(self, number, _how, _flag):
        self.deleted.add(int(number))

    def expunge(self):
        self.messages = {number: one for number, one in self.messages.items() if number not in self.deleted}


def read(monkeypatch, settings, *messages):
    """As the beat does it."""
    box = Mailbox(*messages)
    monkeypatch.setattr(returns, "IMAP4_SSL", box)
    settings.ENT_RETURNS_MAILBOX = "imaps://retours:p%40sse@imap.example"
    with in_public():
        tasks.read_returns.apply_async()
    assert (box.place, box.entered, box.messages) == (("imap.example", 993), ("retours", "p@sse"), {})


def is_closed(user) -> bool:
    return not Preference.objects.by_user([user])[user.pk].may_write_to(user)


def test_a_mail_leaves_from_an_address_of_its_own_and_shows_the_ordinary_sender(sophie, settings):
    tell(sophie)
    (sent,) = mail.outbox
    assert sent.from_email.startswith(f"retours+c_11262.{sophie.pk.hex}.")
    assert sent.message()["From"] == settings.DEFAULT_FROM_EMAIL


def test_a_report_closes_the_address_until_its_owner_says_that_it_is_good(sophie, monkeypatch, settings, browser_of):
    read(monkeypatch, settings, report(returns.sender_for(sophie)))
    assert is_closed(sophie)
    tell(sophie)
    assert mail.outbox == [] and not OutboxEntry.objects.filter(kind="notifications.mail").exists()
    monkeypatch.setattr("shared_apps.notifications.views.facts_of", lambda user: registry.AccountFacts())
    page = browser_of(NARBONNE, sophie).get("/notifications/reglages/").content.decode()
    assert "sophie@exemple.fr n’existe plus" in page
    services.choose(actor=sophie)
    tell(sophie, "Inès · À signer : piscine")
    assert len(mail.outbox) == 1


def test_another_address_is_written_to(sophie, monkeypatch, settings):
    before = returns.sender_for(sophie)
    read(monkeypatch, settings, report(before))
    sophie.email = "sophie@ailleurs.fr"
    sophie.save()
    assert not is_closed(sophie)
    read(monkeypatch, settings, report(before))  # what was under way when she changed
    assert not is_closed(sophie)


@pytest.mark.parametrize(
    "facts", [{"action": "delayed", "status": "4.4.1"}, {"status": "5.2.2"}, {"status": "5.7.1"}, {"action": "relayed"}]
)
def test_what_may_get_better_closes_nothing(sophie, monkeypatch, settings, facts):
    read(monkeypatch, settings, report(returns.sender_for(sophie), **facts))
    assert not is_closed(sophie)


def test_what_anybody_writes_there_closes_nothing(sophie, monkeypatch, settings):
    own = returns.sender_for(sophie)
    forged = own.replace(own.split(".")[2].split("@")[0], "0" * 16)
    plain = f"To: {own}\n\nJe suis absente.".encode()
    unknown = own.replace("c_11262", "c_99999")
    read(monkeypatch, settings, report(forged), plain, report(unknown), report("retours@ent.example"))
    assert not is_closed(sophie)


def test_the_same_account_number_elsewhere_is_another_person(sophie, lezignan, monkeypatch, settings):
    with in_schema("c_11203"):
        other = account(email="sophie@exemple.fr")
    read(monkeypatch, settings, report(returns.sender_for(sophie).replace("c_11262", "c_11203")))
    assert not is_closed(sophie)
    with in_schema("c_11203"):
        assert not is_closed(other)


@pytest.mark.parametrize(("words", "closed"), [(b"5.1.1 No such user", True), (b"4.2.1 Try later", False)])
def test_a_relay_that_refuses_at_once_is_heard_too(sophie, monkeypatch, words, closed):
    def refuse(_backend, _mails):
        raise SMTPRecipientsRefused({sophie.email: (550, words)})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    tell(sophie)
    assert is_closed(sophie) is closed
    assert OutboxEntry.objects.filter(kind="notifications.mail", delivered_at=None).exists() is not closed


def test_what_waited_for_a_digest_is_not_sent_to_an_address_that_came_back(sophie):
    services.choose(actor=sophie, mail={"liaison.to_sign": "daily"})
    tell(sophie)
    returns.note(sophie)
    digests.send({"user": str(sophie.pk), "day": "2026-11-26", "digests": ["daily"]})
    assert mail.outbox == []
    assert not Notification.objects.exclude(digest="").exists()
