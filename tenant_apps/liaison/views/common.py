"""What the views of notes share. What one may not see is 404; what one sees but may not do is 403."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from core.errors import DomainError
from tenant_apps.liaison.models import LiaisonNote


def visible_note(request: HttpRequest, pk: Any) -> LiaisonNote:
    return get_object_or_404(
        LiaisonNote.objects.visible_to(request.user).select_related("author", "school", "group"), pk=pk
    )


def require(request: HttpRequest, permission: str, obj: Any) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """Do it, or say in French why it was refused."""
    try:
        return act()
    except DomainError as error:
        messages.error(request, error.message)
        return None
