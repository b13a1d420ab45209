"""What the pages of news share."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tenant_apps.news.models import Post


def face_of(request: Any) -> dict[str, Any]:
    is_pupil = request.profile == "pupil"
    return {"is_pupil": is_pupil, "layout": "layout/pupil.html" if is_pupil else "layout/base.html"}


def visible(request: HttpRequest, pk: Any) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.user).with_facts(), pk=pk)
