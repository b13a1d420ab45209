"""What a commune reads of the public schema: small answers, kept in the cache under the academy's own key."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import transaction

from core.tenancy import in_public

MAX_AGE = 300  # seconds


def public_fact(name: str, read: Callable[[], Any]) -> Any:
    """`read()` works in `public`. The answer holds no personal data, and is never older than five minutes."""
    with in_public():
        answer = cache.get(_key(name))
        if answer is None:
            answer = read()
            cache.set(_key(name), answer, MAX_AGE)
    return answer


def forget_fact(name: str) -> None:
    """Called by who changes it, in `public`: every commune sees the change once this transaction is committed."""
    transaction.on_commit(lambda: _forget(name))


def _forget(name: str) -> None:
    with in_public():
        cache.delete(_key(name))


def _key(name: str) -> str:
    return f"fact:{name}"
