"""The doors of this room: sign-in, activation, second factor, as a browser goes through them."""

import html
import re
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.accounts.charter import VERSIONS
from shared_apps.accounts.models import User

NARBONNE, LEZIGNAN, ACADEMY = "narbonne.localhost", "lezignan-corbieres.localhost", "academie.localhost"
SCHEMAS = {NARBONNE: "c_11262", LEZIGNAN: "c_11203", ACADEMY: "public"}
PASSWORD = "une phrase que je retiens"
HASH = make_password(PASSWORD)


def account(host: str = NARBONNE, identifier: str = "sophie.ferrer", **facts: Any) -> User:
    """An account that was activated, with `PASSWORD`, its charter accepted."""
    audience = "staff" if host == ACADEMY else "family"
    values = {"first_name": "Sophie", "last_name": "Ferrer", "password": HASH, "activated_at": timezone.now()}
    values["charter_version"] = f"{audience}:{VERSIONS[audience]}"
    with in_schema(SCHEMAS[host]):
        return User.objects.create(identifier=identifier, **values | facts)


def visitor(host: str = NARBONNE) -> Client:
    return Client(headers={"host": host})


def sign_in(
    browser: Client, identifier: str = "sophie.ferrer", password: str = PASSWORD, *, at: str = "", **more: Any
) -> Any:
    """Fill the form in. `at`: the address of the network; more: other fields."""
    typed = {"identifier": identifier, "password": password, **more}
    return browser.post("/connexion/", typed, REMOTE_ADDR=at or "192.0.2.1")


def is_inside(browser: Client) -> bool:
    """Its own pages open; the charter may wait."""
    answer = browser.get("/mon-compte/")
    return answer.status_code == 200 or answer.url == "/charte/"


def words(response: Any) -> str:
    """What a person reads: no tag, plain spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())
