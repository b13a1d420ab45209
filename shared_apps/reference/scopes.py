"""How much of the académie a member of its staff sees: all, some départements, some circonscriptions, nothing."""

from dataclasses import dataclass
from typing import Any

from core.tenancy import is_public
from shared_apps.accounts.models import StaffRole

Role = StaffRole.Role
SCOPED = {Role.INSPECTOR, Role.DASEN}


@dataclass(frozen=True, slots=True)
class Scope:
    is_whole: bool = False
    departments: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.is_whole or self.departments or self.districts)


def roles_of(user: Any) -> tuple[tuple[str, str], ...]:
    """(role, scope) of an account of the academy, read once per request; none for anybody else."""
    if not (is_public() and getattr(user, "is_authenticated", False) and user.is_active):
        return ()
    if not hasattr(user, "_staff_roles"):
        user._staff_roles = tuple(user.staff_roles.order_by("role").values_list("role", "scope"))
    return user._staff_roles


def has_role(user: Any, *roles: str) -> bool:
    return any(role in roles for role, _scope in roles_of(user))


def scope_of(user: Any) -> Scope:
    """An inspector sees their circonscription, a DASEN their département; both, when without scope, see all."""
    roles = roles_of(user)
    if any(role not in SCOPED or not scope for role, scope in roles):
        return Scope(is_whole=True)
    return Scope(
        departments=frozenset(scope for role, scope in roles if role == Role.DASEN),
        districts=frozenset(scope for role, scope in roles if role == Role.INSPECTOR),
    )
