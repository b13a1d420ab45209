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


def dumps_for(audience: str, value: Any, *, purpose: str) -> str:
    """For one other schema, and readable there only: it finds there who signed. Cross-commune letters alone use it."""
    return signing.dumps([current_schema(), value], salt=_letter_salt(audience, purpose), compress=True)


def loads_letter(token: str, *, purpose: str, max_age: int) -> tuple[str, Any]:
    """Who signed it for the current schema, and what it says. Raises `BadSignature`: another reader, too old."""
    sender, value = signing.loads(token, salt=_letter_salt(current_schema(), purpose), max_age=max_age)
    return sender, value


def _letter_salt(audience: str, purpose: str) -> str:
    # No schema's name holds a space: no ordinary signature is ever taken for a letter.
    return f"to {audience}:{purpose}"
