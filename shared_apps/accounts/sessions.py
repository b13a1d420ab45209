"""What ties a session to one account of one commune."""

from typing import Any

from core.tenancy import current_schema
from django.utils.crypto import salted_hmac

SCHEMA_KEY = "schema"


def session_hash(user: Any) -> str:
    """Changes with the password, the stamp (« sign out everywhere ») and the commune."""
    value = f"{current_schema()}:{user.pk}:{user.session_stamp}:{user.password}"
    return salted_hmac("ent.session", value, algorithm="sha256").hexdigest()
