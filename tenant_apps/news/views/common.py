"""What the pages of news share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from core.errors import DomainError
from tenant_apps.news.models import Post


def face_of(request: Any) -> dict[str, Any]:
    is_pupil = request.profile == "pupil"
    return {"is_pupil": is_pupil, "layout": "layout/pupil.html" if is_pupil else "layout/base.html"}


def visible(request: HttpRequest, pk: Any) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.user).with_facts(), pk=pk)


def require(request: HttpRequest, permission: str, obj: Any = None) -> None:
    if not request.user.has_perm(permission, obj):
        raise PermissionDenied


def attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """Do it, or say in French why it was refused."""
    try:
        return act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return None
