"""Signed values name their commune: what one commune signs, another can't read."""

from typing import Any

from django.core import signing

from core.tenancy import current_schema


def _salt(purpose: str) -> str:
    return f"{current_schema()}:{purpose}"


def dumps(value: Any, *, purpose: str) -> str:
    return signing.dumps(value, salt=_salt(purpose), compress=True)


def loads(token: str, *, purpose: str, max_age: int | None = None) -> Any:
    """Raises `django.core.signing.BadSignature` (or its `SignatureExpired`, `max_age` in seconds)."""
    return signing.loads(token, salt=_salt(purpose), max_age=max_age)
