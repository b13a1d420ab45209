"""What people of the demo did at their doors before today: the charter accepted, by whoever has activated."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.tenancy import is_public
from shared_apps.accounts.charter import VERSIONS
from shared_apps.accounts.models import User
from tenant_apps.people.models import Pupil, StaffAssignment


def accept_charters() -> None:
    """Of the current schema; in three statements, not 400 times by the page. Safe to repeat."""
    if is_public():
        _accept("staff", Q())
        return
    _accept("pupil", Exists(Pupil.objects.filter(person__account=OuterRef("pk"))))
    _accept("staff", Exists(StaffAssignment.objects.on().filter(person__account=OuterRef("pk"))))
    _accept("family", Q())


def _accept(audience: str, which: Q | Exists) -> None:
    waiting = User.objects.exclude(activated_at=None).filter(which, charter_version="")
    waiting.update(charter_version=f"{audience}:{VERSIONS[audience]}", charter_accepted_at=timezone.now())
