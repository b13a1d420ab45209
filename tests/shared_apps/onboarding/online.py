"""A convention signed on the platform, by the pages that people use."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from shared_apps.notifications import outbox
from shared_apps.onboarding.models import Convention
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.pages import url

TOWN = "mairie@narbonne.example"
MAYOR = {"name": "Hélène Castan", "quality": "maire", "place": "Narbonne", "has_read": "on"}
RECTEUR = {"name": "Anne Roussel", "quality": "rectrice", "place": "Montpellier", "has_read": "on"}


def deliver() -> str:
    """The body of the last mail, once the outbox is emptied."""
    mail.outbox.clear()
    outbox.deliver_due()
    return mail.outbox[-1].body if mail.outbox else ""


def link_in(body: str) -> str:
    return re.search(r"/signer/\?cle=(\S+)", body)[1]


def code_in(body: str) -> str:
    return re.search(r"^\s+(\d{6})$", body, re.MULTILINE)[1]


def somebody() -> Client:
    return Client(headers={"host": factories.HOST})


def ask(browser: Client, convention: Convention, email: str = TOWN) -> str:
    """The officer sends the link; returns what it holds."""
    browser.post(url("invite", convention.number), {"email": email})
    return link_in(deliver())


def act(browser: Client, token: str, what: str, /, **fields: Any) -> Any:
    return browser.post(url("sign_online"), {"cle": token, "act": what, **fields})


def prove(browser: Client, token: str) -> Any:
    act(browser, token, "send")
    return act(browser, token, "code", code=code_in(deliver()))


def sign_as_mayor(browser: Client, convention: Convention) -> str:
    token = ask(browser, convention)
    mayor = somebody()
    prove(mayor, token)
    act(mayor, token, "sign", **MAYOR)
    return token


def fresh(convention: Convention) -> Convention:
    return Convention.objects.with_signatures().get(pk=convention.pk)
