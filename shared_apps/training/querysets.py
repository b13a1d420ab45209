"""Which sessions and which registrations: an inspector's are those of the circonscription."""

from datetime import timedelta
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from shared_apps.reference.scopes import roles_of, scope_of

CAME_KEPT, ASKED_KEPT = timedelta(days=5 * 365), timedelta(days=365)
SEATED = ("confirmed", "present", "absent")


class TrainingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The catalogue is the same for all the academy's staff."""
        return self if roles_of(user) else self.none()

    def offered(self) -> Self:
        return self.filter(is_offered=True)


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        scope = scope_of(user)
        if scope.is_whole:
            return self
        if scope.is_empty:
            return self.none()
        mine = Q(district_id__in=scope.districts) | Q(district__department_code__in=scope.departments)
        return self.filter(mine | Q(district=None))

    def ahead(self) -> Self:
        return self.filter(day__gte=timezone.localdate())

    def past(self) -> Self:
        return self.filter(day__lt=timezone.localdate())

    def live(self) -> Self:
        return self.filter(state__in=["open", "closed"])

    def of_trainer(self, user: Any) -> Self:
        return self.filter(trainer=user)

    def with_counts(self) -> Self:
        """Adds `seated`, `waiting` and `present`."""
        return self.annotate(
            seated=_count(state__in=SEATED), waiting=_count(state="waiting"), present=_count(state="present")
        )

    def for_lists(self) -> Self:
        return self.with_counts().select_related("training", "district", "trainer")


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Of the circonscription's sessions, and of them only those of one's own schools."""
        scope = scope_of(user)
        if scope.is_whole:
            return self
        sessions = apps.get_model("training", "Session").objects.visible_to(user)
        mine = Q(school__district_id__in=scope.districts) | Q(school__commune__department_code__in=scope.departments)
        return self.filter(mine, session__in=sessions)

    def seated(self) -> Self:
        return self.filter(state__in=SEATED)

    def expected(self) -> Self:
        """Whom a change of the session concerns."""
        return self.filter(state__in=["confirmed", "waiting"])

    def walked_in(self) -> Self:
        """Came without having registered: no commune knows who it is."""
        return self.filter(schema="", state="present").exclude(certificate=None)

    def to_forget(self) -> Self:
        """A seat that nobody took is of no use the year after; who came can prove it, and is counted, for five."""
        today = timezone.localdate()
        came = Q(state="present")
        return self.filter(
            came & Q(session__day__lt=today - CAME_KEPT) | ~came & Q(session__day__lt=today - ASKED_KEPT)
        )

    def of_schema(self, schema: str) -> Self:
        return self.filter(schema=schema)


def _count(**conditions: Any) -> Count:
    return Count("registrations", filter=Q(**{f"registrations__{key}": value for key, value in conditions.items()}))
