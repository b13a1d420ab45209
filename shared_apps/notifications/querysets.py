from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone


class OutboxQuerySet(models.QuerySet):
    def pending(self) -> Self:
        return self.filter(delivered_at=None, failed_at=None)

    def due(self) -> Self:
        return self.pending().filter(not_before__lte=timezone.now())

    def given_up(self) -> Self:
        return self.filter(failed_at__isnull=False)

    def delivered_before(self, moment: datetime) -> Self:
        return self.filter(delivered_at__lt=moment)


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own, and nobody else's: not even a head's."""
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def waiting_for(self, digests: Iterable[str]) -> Self:
        """In a mail of several that has not left."""
        return self.exclude(digest="").filter(digest__in=list(digests))


class PreferenceQuerySet(models.QuerySet):
    def by_user(self, users: Iterable[Any]) -> dict[Any, Any]:
        """Account id → what it chose, or what is so for everybody."""
        ids = {user.pk for user in users}
        rows: Any = self.filter(user__in=ids)
        return {pk: self.model() for pk in ids} | {row.user_id: row for row in rows}
