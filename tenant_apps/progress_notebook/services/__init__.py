"""What happens to notebooks: observations noted day by day, editions validated by the head, signed by the guardians."""

from typing import Any

from django.core.exceptions import PermissionDenied


def check(actor: Any, permission: str, obj: Any) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
