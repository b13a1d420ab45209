"""The academy's ceilings: below what we ship, above what schools choose. They hold at once, whatever a school wrote."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.bounds.models import Bound
from shared_apps.bounds.shipped import MOST
from shared_apps.bounds.vocabulary import Cell, Right, Scope, meaningful, narrowest
from tenants.published import Published


def ceilings() -> dict[Cell, Scope]:
    """At most, for every cell: read from a commune as well."""
    return _under(LOWERED.get())


def _under(bounds: Mapping[str, str]) -> dict[Cell, Scope]:
    lowered = {Cell.of(code): Scope(scope) for code, scope in bounds.items()}
    return {cell: narrowest(most, lowered.get(cell, most)) for cell, most in MOST.items()}


def _read() -> dict[str, str]:
    return {bound.cell.code: bound.scope for bound in Bound.objects.all()}


LOWERED: Published[dict[str, str]] = Published("bounds", _read, {})


def offered(cell: Cell, ceiling: Scope) -> list[Scope]:
    """What may be chosen under a ceiling."""
    return [scope for scope in meaningful(cell) if scope.rank <= ceiling.rank]


@transaction.atomic
def set_bounds(*, actor: Any, changes: Mapping[Cell, Scope]) -> list[Cell]:
    """Raises DomainError: above what the law and we allow, or writing to people who can't be seen."""
    if actor is not None and not actor.has_perm("bounds.set_bounds"):
        raise PermissionDenied
    before = _under(_read())  # the table, and not what the cache remembers of it
    _check(before | dict(changes), changes)
    changed = [cell for cell, scope in changes.items() if before[cell] is not scope]
    for cell in changed:
        _set(actor, cell, changes[cell])
    if changed:
        facts = [f"{cell.code}:{before[cell].value}:{changes[cell].value}" for cell in changed]
        record(actor=actor, action="bounds.set", changes=facts)
        transaction.on_commit(LOWERED.clear)
    return changed


def _set(actor: Any, cell: Cell, scope: Scope) -> None:
    place: dict[str, Any] = {"sender": cell.sender.value, "recipient": cell.recipient.value, "right": cell.right.value}
    if scope is MOST[cell]:
        Bound.objects.filter(**place).delete()
    else:
        Bound.objects.update_or_create(**place, defaults={"scope": scope.value, "set_by": actor})


def _check(wanted: Mapping[Cell, Scope], changes: Mapping[Cell, Scope]) -> None:
    for cell, scope in changes.items():
        if scope not in offered(cell, MOST[cell]):
            raise DomainError(_("Cette borne dépasse ce que la plateforme permet."), code="above_ceiling")
        see = cell._replace(right=Right.SEE)
        if wanted[cell._replace(right=Right.WRITE)].rank > wanted[see].rank:
            raise DomainError(_("Pour écrire à quelqu’un, il faut d’abord le voir."), code="write_without_see")
