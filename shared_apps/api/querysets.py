from typing import Any, Self

from django.db import models
from django.db.models import F
from django.utils import timezone


class AccessTokenQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def live(self) -> Self:
        """Neither revoked nor expired, of an open account that has not signed out everywhere since."""
        now = timezone.now()
        return self.filter(
            revoked_at=None, expires_at__gt=now, user__is_active=True, session_stamp=F("user__session_stamp")
        )

    def visible_to(self, user: Any) -> Self:
        return self.of(user)
