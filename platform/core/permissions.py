"""The permission door: a right is a predicate declared under a name, and an unknown name is an error.

An app declares its rights in one table of its `permissions.py`:

    RIGHTS = declare("liaison", {"sign_note": is_addressee & note_is_open, ...})

and everybody asks `user.has_perm("liaison.sign_note", note)`.
"""

import warnings
from collections.abc import Mapping
from typing import Any

from rules import add_perm, has_perm, perm_exists
from rules.predicates import Predicate


class UnknownPermission(LookupError):
    """Nobody declared this permission: a typing error must not pass for a refusal."""


def declare(app_label: str, rights: Mapping[str, Predicate]) -> tuple[str, ...]:
    """Names of the rights. A name declared twice raises `KeyError`: the second predicate would never be asked."""
    names = tuple(f"{app_label}.{name}" for name in rights)
    for name, predicate in zip(names, rights.values(), strict=True):
        add_perm(name, predicate)
    return names


class DeclaredPermissionBackend:
    """The only backend that answers `has_perm`. There is no superuser: every right has a reason."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, perm: str, obj: Any = None) -> bool:
        if not perm_exists(perm):
            # A template's `if` swallows exceptions: the warning, an error in tests, still shows.
            warnings.warn(f"Unknown permission: {perm}", RuntimeWarning, stacklevel=2)
            raise UnknownPermission(perm)
        return user.is_active and has_perm(perm, user, obj)
