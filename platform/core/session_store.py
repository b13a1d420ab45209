"""Django's sessions in the database: the one query is built once, a new session is written once, and what each request
of a signed-in person reads comes with its session.

The account is named in the session's data, which are read first; so the key names it too, and what is read by that name
counts only if the data say the same (`came_along`). A key that lies reads its own session, or none, and nothing else.
"""

import base64
import json
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from core import registry
from core.frozen import Asked, frozen, together
from core.frozen_sql import Written
from core.tenancy import current_schema

_ENCODER = json.JSONEncoder(separators=(",", ":"))
NAMED = 22  # characters of a key that name an account: its id, in base64url
INSERT = Written(
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%(key)s, %(data)s, %(ends)s)",
    key="text",
    data="text",
    ends="timestamptz",
)
DRAWN = 18  # drawn after them: 108 bits, where OWASP's Session Management Cheat Sheet asks 64


class SessionStore(DatabaseStore):
    _is_new = False
    _is_modified = False
    _is_kept = False  # since it was last modified
    _first: tuple[Written, list[Any]] = INSERT, []  # what writes a new one, and with what beside its row
    _came: tuple[str, uuid.UUID, dict[str, Any]] | None = None  # schema, account named by the key, what was read of it

    @property
    def modified(self) -> bool:  # type: ignore[override]
        return self._is_modified

    @modified.setter
    def modified(self, value: bool) -> None:
        self._is_modified, self._is_kept = value, False

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Without the signature that Django adds: what opens an account, its hash, is signed already
        (`accounts.sessions`), and each page reads it.
        """
        return _ENCODER.encode(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Also what was written signed, before. What can't be read is an empty session."""
        if isinstance(session_data, bytes) or not session_data.startswith("{"):
            return super().decode(session_data)
        try:
            return json.loads(session_data)
        except ValueError:
            return {}

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if key == SESSION_KEY and self._is_new:  # nothing is written under its first key yet
            self.create()

    def create(self) -> None:
        """A key, whose row is written with its values when the request ends. Of 108 bits at least: nobody has the same.

        For who is signed in it begins with the id of the account.
        """
        account = getattr(self, "_session_cache", {}).get(SESSION_KEY)
        self._session_key = _named(account) if account else secrets.token_hex(16)
        self._is_new = self.modified = True

    def written_with(self, statement: Written, values: list[Any]) -> None:
        """A new one is written by a statement that does more: it takes the key, the data, the end, and these."""
        self._first = statement, values

    def flush(self) -> None:
        self._first = INSERT, []
        super().flush()

    def keep(self) -> None:
        """Save now, in the transaction of what it comes with; the end of the request adds its cookie."""
        self.save()
        self._is_kept = True

    def save(self, must_create: bool = False) -> None:
        if self._is_kept and not must_create:
            return
        if self.session_key is None:
            self.create()
        if must_create or self._is_new:
            data = self._get_session(no_load=True)  # type: ignore[attr-defined]
            statement, beside = self._first
            statement.later([self.session_key, self.encode(data), self.get_expiry_date(), *beside])
            self._first = INSERT, []
        else:
            super().save()
        self._is_new = False

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            end(Session.objects.filter(session_key=key))

    def came_along(self, name: str, account: uuid.UUID) -> Any:
        """What `registry.session_companions[name]` asked of this account when this session was read; None without it.

        Only of the account that the session itself names, in the schema where it was read.
        """
        if self.get(SESSION_KEY) != str(account) or self._came is None:
            return None
        schema, named, found = self._came
        return found.get(name) if (schema, named) == (current_schema(), account) else None

    def _get_session_from_db(self) -> Session | None:
        own = _lasting.asked(self.session_key, timezone.now())
        account = account_of(self.session_key or "")
        asked = _companions(account) if account else {}
        found, *others = together(own, *asked.values())
        if not found:
            self._session_key = None
            return None
        if account:
            self._came = current_schema(), account, dict(zip(asked, others, strict=True))
        return found[0]


def account_of(key: str) -> uuid.UUID | None:
    """The account that a key names, as whoever sent it says."""
    if len(key) != NAMED + DRAWN:
        return None
    try:
        account = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{key[:NAMED]}=="))
    except ValueError:
        return None
    return account if _name(account) == key[:NAMED] else None


def end(sessions: QuerySet[Session]) -> int:
    """In one statement: nothing hangs on a session. Returns how many there were."""
    return sessions._raw_delete(DEFAULT_DB_ALIAS)


def _companions(account: uuid.UUID) -> dict[str, Asked]:
    return {name: one for name, ask in registry.session_companions.items() if (one := ask(account)) is not None}


def _named(account: str) -> str:
    return _name(uuid.UUID(account)) + secrets.token_urlsafe(DRAWN)[:DRAWN]


def _name(account: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(account.bytes).rstrip(b"=").decode()


@frozen
def _lasting(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
