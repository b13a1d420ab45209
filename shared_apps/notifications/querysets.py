from django.db import models
from django.utils import timezone


class OutboxQuerySet(models.QuerySet):
    def pending(self) -> "OutboxQuerySet":
        return self.filter(delivered_at=None, failed_at=None)

    def due(self) -> "OutboxQuerySet":
        return self.pending().filter(not_before__lte=timezone.now())
