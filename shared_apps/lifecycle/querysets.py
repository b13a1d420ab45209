from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

WARNED_DAYS = (30, 14, 7)
NOTICE = timedelta(days=7)  # before the day of the law, packages wait for nobody any more


class EndingQuerySet(models.QuerySet):
    def going_on(self) -> "EndingQuerySet":
        return self.exclude(state__in=["erased", "given_up"])

    def to_archive(self, today: date) -> "EndingQuerySet":
        return self.filter(state="read_only", readable_until__lt=today)

    def to_warn(self, today: date) -> "EndingQuerySet":
        """Nobody has ordered the erasure, and the day is near."""
        near = today + timedelta(days=max(WARNED_DAYS))
        return self.going_on().filter(ordered_at=None, erase_by__lte=near)

    def to_order(self, today: date) -> "EndingQuerySet":
        """Nobody is waited for any more. An order taken back is never given again by itself."""
        return self.filter(state="archived", ordered_at=None, self_ordered_at=None, erase_by__lt=today + NOTICE)

    def with_handing(self) -> "EndingQuerySet":
        """How many packages there are, are ready, were received by somebody."""
        received = models.Q(packages__handovers__received_at__isnull=False)
        return self.annotate(
            made=models.Count("packages", distinct=True),
            ready=models.Count("packages", filter=models.Q(packages__state="ready"), distinct=True),
            received=models.Count("packages", filter=received, distinct=True),
        )

    def visible_to(self, user: Any) -> "EndingQuerySet":
        from shared_apps.reference.models import RefCommune

        return self.filter(case__commune__in=RefCommune.objects.visible_to(user))

    def to_erase(self) -> "EndingQuerySet":
        """Begun and left by a process that died, or ordered long enough ago."""
        waited = models.Q(state="archived", erasable_at__lte=timezone.now())
        return self.filter(models.Q(state="erasing") | waited)


class PackageQuerySet(models.QuerySet):
    def to_build(self) -> "PackageQuerySet":
        return self.filter(state__in=["waiting", "building"], ending__state__in=["read_only", "archived"])


class HandoverQuerySet(models.QuerySet):
    def open(self) -> "HandoverQuerySet":
        return self.filter(received_at=None, expires_at__gt=timezone.now(), package__state="ready")

    def visible_to(self, user: Any) -> "HandoverQuerySet":
        """The DASEN of the département sees what is for the DASEN; the others see receipts, on the case."""
        from shared_apps.reference.models import RefCommune
        from shared_apps.reference.scopes import Role, has_role

        if not has_role(user, Role.DASEN):
            return self.none()
        seen = RefCommune.objects.visible_to(user)
        return self.filter(to="dasen", package__ending__case__commune__in=seen)
