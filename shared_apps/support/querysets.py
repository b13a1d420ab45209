"""Which headers, which requests for access: as far as the perimeter of the role goes."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from shared_apps.reference.models import RefSchool
from shared_apps.reference.scopes import Role, has_role, scope_of
from shared_apps.support.vocabulary import OPEN, AccessState, Level


class TicketHeaderQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """An inspector: the schools of the circonscription; a DASEN: the communes of the département."""
        scope = scope_of(user)
        if scope.is_whole:
            return self
        schools = RefSchool.objects.visible_to(user).values("uai")
        return self.none() if scope.is_empty else self.filter(uai__in=schools)

    def at_the_academy(self) -> Self:
        return self.filter(level=Level.ACADEMY)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def late(self) -> Self:
        """Of the open ones: no first answer, or no solution, in the time that was promised."""
        now = timezone.now()
        return self.open().filter(Q(answered_at=None, answer_due_at__lt=now) | Q(solve_due_at__lt=now))


class AccessRequestQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; the administrator sees who asked what."""
        return self if has_role(user, Role.ADMINISTRATOR) else self.filter(agent=user)

    def running(self) -> Self:
        return self.filter(state=AccessState.GRANTED, ends_at__gt=timezone.now())


class CannedAnswerQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(is_archived=False)
