"""What ties a session to one account of one commune."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core.tenancy import current_schema

SCHEMA_KEY = "schema"
SECOND_FACTOR_KEY = "second_factor"


def session_hash(user: Any) -> str:
    """Changes with the password, the stamp (« sign out everywhere ») and the commune."""
    value = f"{current_schema()}:{user.pk}:{user.session_stamp}:{user.password}"
    return salted_hmac("ent.session", value, algorithm="sha256").hexdigest()


def enter(request: HttpRequest, user: Any, *, second_factor: bool = False) -> None:
    """Open a session of this schema, with a new key."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[SCHEMA_KEY] = current_schema()
    if second_factor:
        request.session[SECOND_FACTOR_KEY] = True
