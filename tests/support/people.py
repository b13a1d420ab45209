"""The least that an account needs."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from shared_apps.accounts.models import User

PASSWORD = "un mot de passe assez long"
HASH = make_password(PASSWORD)  # once: the tests hash fast, and often


def account(identifier: str = "sophie.ferrer", **values: Any) -> User:
    """An activated account of the current schema, whose password is `PASSWORD`."""
    first, _dot, last = identifier.partition(".")
    defaults = {
        "first_name": first.title(),
        "last_name": last.title() or first.title(),
        "password": HASH,
        "activated_at": timezone.now(),
    }
    return User.objects.create(identifier=identifier, **(defaults | values))
