"""Mails that come back. Each leaves from an address of its own (`retours+c_11262.<account>.<seal>@…`), so that what
returns says whose it is whatever its text, and nobody can make us believe it of another.

The relay refuses an address at once, or a mailbox gets its reports (RFC 3464), which a task reads by IMAP. Only an
address that no longer exists is kept: a full mailbox or a filter is tried again.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from imaplib import IMAP4_SSL
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from core.tenancy import current_schema, in_schema
from shared_apps.accounts.models import User
from shared_apps.notifications.models import Preference
from tenants.schemas import every_schema

LASTING = re.compile(r"\b5\.(1\.\d+|2\.1)\b")  # no such mailbox, or closed (RFC 3463)
SENDER = re.compile(r"\+(c_[a-z0-9_]{1,48}|public)\.([0-9a-f]{32})\.([0-9a-f]{16})@")
RECIPIENTS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
TIMEOUT = 20  # seconds
BATCH = 200


def sender_for(user: User) -> str:
    """Where the reports on this mail come back; the ordinary sender where no mailbox takes them in."""
    if not settings.ENT_RETURNS_ADDRESS:
        return str(settings.DEFAULT_FROM_EMAIL)
    name, _at, domain = settings.ENT_RETURNS_ADDRESS.partition("@")
    return f"{name}+{current_schema()}.{user.pk.hex}.{_seal(user)}@{domain}"


def _seal(user: User) -> str:
    """Of the address too: what comes back once it has changed says nothing of the new one."""
    return salted_hmac("notifications.returns", f"{current_schema()}:{user.pk}:{user.email}").hexdigest()[:16]


def is_lasting_refusal(error: SMTPRecipientsRefused) -> bool:
    return all(LASTING.search(words.decode(errors="replace")) for _code, words in error.recipients.values())


def note(user: User) -> None:
    """Nothing more is sent to this address until the person says that it is good, or gives another."""
    Preference.objects.update_or_create(user=user, defaults={"returned_address": user.email})


def read_mailbox() -> int:
    """Each report is taken in, then deleted: a task killed in between takes it in twice, without harm."""
    if not settings.ENT_RETURNS_MAILBOX:
        return 0
    with _mailbox() as box:
        box.select("INBOX")
        numbers = box.search(None, "ALL")[1][0].split()[:BATCH]
        for number in numbers:
            report = box.fetch(number, "(RFC822)")[1][0][1]
            take_in(BytesParser(policy=policy.default).parsebytes(report))
            box.store(number, "+FLAGS", r"\Deleted")
        box.expunge()
    return len(numbers)


@contextmanager
def _mailbox() -> Iterator[Any]:
    place = urlsplit(settings.ENT_RETURNS_MAILBOX)
    secure = ssl.create_default_context()
    with IMAP4_SSL(place.hostname or "", place.port or 993, ssl_context=secure, timeout=TIMEOUT) as box:
        box.login(unquote(place.username or ""), unquote(place.password or ""))
        yield box


def take_in(report: EmailMessage) -> bool:
    """Whether it closed an address. Answers of absent people, and what anybody writes there, change nothing."""
    found = SENDER.search(" ".join(str(value) for name in RECIPIENTS for value in report.get_all(name, [])))
    if found is None or not _says_that_it_failed(report):
        return False
    schema, pk, seal = found.groups()
    if schema not in every_schema():
        return False
    with in_schema(schema):
        user = User.objects.filter(pk=UUID(pk)).first()
        if user is None or not constant_time_compare(seal, _seal(user)):
            return False
        note(user)
    return True


def _says_that_it_failed(report: EmailMessage) -> bool:
    parts = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in parts for block in part.get_payload()]
    return any(
        str(block.get("Action", "")).lower() == "failed" and LASTING.search(str(block.get("Status", "")))
        for block in blocks
    )
