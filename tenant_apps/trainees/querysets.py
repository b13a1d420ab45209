from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

NAMES_SHOWN = timedelta(days=30)


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own, and nobody else's: not even the head's of the school."""
        return self.filter(account=user) if user.is_authenticated else self.none()

    def ahead(self) -> Self:
        return self.filter(state__in=["asked", "waiting", "confirmed"], day__gte=timezone.localdate())

    def over(self) -> Self:
        return self.filter(day__lt=timezone.localdate()) | self.exclude(state__in=["asked", "waiting", "confirmed"])

    def naming(self) -> Self:
        """Those whose name the trainer may still read: until thirty days after the session."""
        return self.filter(day__gte=timezone.localdate() - NAMES_SHOWN)
