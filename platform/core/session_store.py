"""Django's sessions in the database, whose one query is built once."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from core.frozen import frozen


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        found = _lasting(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@frozen
def _lasting(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
