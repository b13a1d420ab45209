"""What pages that change something begin with. What one may not see is 404, told by the queryset; what one sees but may
not do is 403.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from core.errors import DomainError


def require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    """Raises PermissionDenied: 403."""
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """What `act` returns; or None, and the page says in French why it was refused."""
    try:
        return act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None
