"""Which links: those that hold now, and whose."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.frozen import Asked, frozen
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School

if TYPE_CHECKING:
    from tenant_apps.links.models import AccountLink

KEPT = timedelta(days=365)  # a link that ended: as long as the audit


class AccountLinkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own. A head does not see who has a child elsewhere."""
        return self.filter(user=user)

    def joined(self) -> Self:
        """Said by both communes, ended by neither."""
        return self.filter(completed_at__isnull=False, revoked_at=None)

    def arriving(self) -> Self:
        """Those by which the other commune may open an account here."""
        return self.joined().filter(user__is_active=True)

    def leaving(self, user: Any) -> "list[AccountLink]":
        """Those by which this account may open something elsewhere."""
        return _awake(_arriving(user))

    def pending(self) -> Self:
        return self.filter(completed_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def outdated(self) -> Self:
        """Never achieved, or ended long ago."""
        now = timezone.now()
        return self.filter(Q(completed_at=None, expires_at__lt=now) | Q(revoked_at__lt=now - KEPT))


def ask_leaving(user: Any) -> Asked:
    """`leaving`, to be sent with others."""
    return _arriving.asked(user).then(_awake)


def _awake(links: "list[AccountLink]") -> "list[AccountLink]":
    return [link for link in links if link.is_awake]


@frozen
def _arriving(user: Any) -> AccountLinkQuerySet:
    links: Any = apps.get_model("links", "AccountLink")._default_manager
    return links.arriving().filter(user=user).select_related("user")


class SpentLetterQuerySet(models.QuerySet):
    def outdated(self) -> Self:
        return self.filter(expires_at__lt=timezone.now())


class PostedAssignmentQuerySet(models.QuerySet):
    def of(self, person: Any) -> Self:
        return self.filter(assignment__person=person)

    def on(self) -> Self:
        """Of today."""
        return self.filter(assignment__in=StaffAssignment.objects.on())

    def ahead(self) -> Self:
        """Of today or to come."""
        ends = Q(assignment__ends_on=None) | Q(assignment__ends_on__gt=timezone.localdate())
        return self.filter(ends)

    def visible_to(self, user: Any) -> Self:
        """Those of the schools one heads, and one's own."""
        mine = Q(assignment__person__account=user)
        return self.ahead().filter(mine | Q(assignment__school__in=School.objects.headed_by(user)))
