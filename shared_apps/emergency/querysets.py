from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shared_apps.reference.models import RefSchool
from shared_apps.reference.scopes import scope_of
from tenants.models import Commune
from tenants.stops import Stop


class SwitchQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """A DASEN reads those of the whole académie and of the département."""
        if not user.has_perm("emergency.view"):
            return self.none()
        scope = scope_of(user)
        if scope.is_whole:
            return self
        return self.filter(Q(level="academy") | Q(departments__overlap=list(scope.departments)))

    def thrown(self) -> Self:
        """Not lifted, nor over."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), lifted_at=None)

    def over(self) -> Self:
        return self.filter(Q(ends_at__lte=timezone.now()) | ~Q(lifted_at=None))


class OfCommuneQuerySet(models.QuerySet):
    """Rows of a commune; without one, of the whole académie, which only who sees it whole reads."""

    def visible_to(self, user: Any) -> Self:
        if not user.has_perm("emergency.view"):
            return self.none()
        scope = scope_of(user)
        return self if scope.is_whole else self.filter(commune__department_code__in=scope.departments)

    def since(self, delay: timedelta) -> Self:
        return self.filter(created_at__gte=timezone.now() - delay)


class ReportedMessageQuerySet(OfCommuneQuerySet):
    def open(self) -> Self:
        """Nobody decided yet, neither there nor here."""
        return self.filter(state="waiting", closed_at=None)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False).order_by("-closed_at", "-id")


def communes_of(level: str, code: str) -> Any:
    """Those that a switch, or what goes with it, is about."""
    if level == "academy":
        return Commune.objects.all()
    if level == "department":
        return Commune.objects.filter(department_code=code)
    if level == "commune":
        return Commune.objects.filter(insee=code)
    return Commune.objects.filter(insee__in=RefSchool.objects.filter(uai=code).values("commune"))


def stops() -> Iterator[Stop]:
    """As `tenants.stops` wants them: one query, and one for each switch of less than the académie."""
    for row in apps.get_model("emergency", "Switch").objects.thrown():
        schemas = None
        if row.level != "academy":
            schemas = frozenset(communes_of(row.level, row.code).values_list("schema_name", flat=True))
        yield Stop(
            schemas,
            row.code if row.level == "school" else "",
            frozenset(row.parties),
            row.stops_reading,
            row.allows_notices,
            row.starts_at,
            row.ends_at,
            row.daily_from,
            row.daily_until,
        )
