"""Django's sessions in the database: the one query is built once, and a new session is written once."""

from datetime import datetime

from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from core.frozen import frozen


class SessionStore(DatabaseStore):
    _is_new = False

    def create(self) -> None:
        """A key, whose row is written with its values when the request ends. Of 165 bits: nobody has the same."""
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._is_new = self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        super().save(must_create=must_create or self._is_new)
        self._is_new = False

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            end(Session.objects.filter(session_key=key))

    def _get_session_from_db(self) -> Session | None:
        found = _lasting(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


def end(sessions: QuerySet[Session]) -> int:
    """In one statement: nothing hangs on a session. Returns how many there were."""
    return sessions._raw_delete(DEFAULT_DB_ALIAS)


@frozen
def _lasting(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
