from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, is_password_usable
from django.db.models import QuerySet
from django.http import HttpRequest

from core.frozen import Asked, frozen
from core.text import fold
from shared_apps.accounts.hashers import spend

COMPANION = "accounts"
_session: ContextVar[Any] = ContextVar("session", default=None)


class IdentifierBackend:
    """Identifier and password, in the current schema. The time taken doesn't tell whether the account exists."""

    def authenticate(self, request: HttpRequest | None, identifier: str = "", password: str = "", **kw: Any) -> Any:
        return recognise(password, next(iter(_named(fold(identifier).strip())), None))

    def get_user(self, user_id: Any) -> Any:
        session = _session.get()
        came = session.came_along(COMPANION, user_id) if session is not None else None
        return next(iter(came or _active(user_id)), None)


def recognise(password: str, user: Any) -> Any:
    """The account if this is its password and it may sign in; else, or without any, None: always in the same time."""
    kept = user.password if user is not None and is_password_usable(user.password) else ""
    if kept and check_password(password, kept) and user.is_active:
        return user
    spend(password, kept)
    return None


@contextmanager
def reading(session: Any) -> Iterator[None]:
    """While Django looks for the account of this session: it may have come along (Django hands over the id alone)."""
    token = _session.set(session)
    try:
        yield
    finally:
        _session.reset(token)


def ask_account(pk: UUID) -> Asked:
    """What comes along with a session (`registry.session_companions`)."""
    return _active.asked(pk)


@frozen
def _named(identifier: str) -> QuerySet:
    return get_user_model().objects.filter(identifier=identifier).order_by()


@frozen
def _active(pk: UUID) -> QuerySet:
    return get_user_model().objects.filter(pk=pk, is_active=True).order_by()
