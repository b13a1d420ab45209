from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied


def require(request: Any, permission: str) -> None:
    request.nav_current = "helpdesk:queue"
    if not request.user.has_perm(permission):
        raise PermissionDenied


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
