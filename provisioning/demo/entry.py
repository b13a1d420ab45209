"""« Entrer comme… »: a signed ticket, made on the front door and used once on the commune's own host.

The front door can't set a commune's cookie (`__Host-`), so it sends the visitor there with a ticket of 60 seconds.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest

from core import signing
from core.tenancy import in_schema

PURPOSE = "demo.entry"
MAX_AGE = 60
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def require_demo(request: HttpRequest) -> None:
    """The demo answers on the machine it runs on, and only when it was asked for."""
    if not settings.ENT_DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404


def ticket(schema: str, user_id: Any) -> str:
    with in_schema(schema):
        return signing.dumps([str(user_id), secrets.token_hex(8)], purpose=PURPOSE)


def redeem(token: str) -> str:
    """The account's id. Raises `BadSignature` for a ticket of another commune, too old, or already used."""
    user_id, serial = signing.loads(token, purpose=PURPOSE, max_age=MAX_AGE)
    if not cache.add(f"{PURPOSE}:{serial}", 1, MAX_AGE):
        raise signing.signing.BadSignature("This ticket was used.")
    return user_id
