"""Accounts of the academy and what each may do. Their activation and second factor are `accounts`'."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import StaffRole, User
from shared_apps.accounts.services import create_account
from shared_apps.audit import services as audit

Role = StaffRole.Role
OFFICERS = (Role.DEPLOYMENT, Role.CONVENTIONS, Role.ADMINISTRATOR)


def officers() -> Any:
    """Those who may follow a case."""
    return User.objects.active().filter(staff_roles__role__in=OFFICERS).distinct()


def give_roles(*, actor: Any, user: User, roles: list[tuple[str, str]]) -> None:
    """Replace the roles of an account. The academy always keeps an administrator."""
    with transaction.atomic():
        administrators = list(
            StaffRole.objects.select_for_update().filter(role=Role.ADMINISTRATOR, user__is_active=True)
        )
        stays = any(role == Role.ADMINISTRATOR for role, _scope in roles)
        if not stays and {row.user_id for row in administrators} == {user.pk}:
            raise DomainError(
                _("C’est le dernier administrateur : donnez d’abord ce rôle à quelqu’un d’autre."),
                code="last_administrator",
            )
        user.staff_roles.all().delete()
        StaffRole.objects.bulk_create(StaffRole(user=user, role=role, scope=scope) for role, scope in roles)
        audit.record(actor=actor, action="onboarding.staff_roles_given", obj=user, roles=sorted(r for r, _s in roles))


def add_member(*, actor: Any, first_name: str, last_name: str, email: str) -> User:
    """A new account of the academy, without role: it sees nothing until one is given."""
    with transaction.atomic():
        user = create_account(first_name=first_name, last_name=last_name, email=email)
        audit.record(actor=actor, action="onboarding.staff_added", obj=user)
    return user
