"""What each page of messages asks first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tenant_apps.messages import audience
from tenant_apps.messages.faces import faces
from tenant_apps.messages.models import Message
from tenants.stops import may_read

PER_PAGE = 20
FOUND = 20  # names shown by a search
FEW = 30  # persons shown without a search
View = Callable[..., HttpResponse]


def of_messages(view: View) -> View:
    """For who has a box (nobody else knows of these pages), unless the academy closed the reading too."""

    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.nav_current = "messaging:inbox"
        if not request.user.has_perm("messaging.use"):
            raise Http404
        if not may_read(faces(request.profiles)):
            return render(request, "messaging/closed.html", face_of(request), status=403)
        return view(request, *args, **kwargs)

    return page


def for_a_pupil(request: Any) -> bool:
    return request.profile == "pupil"


def face_of(request: Any) -> dict[str, Any]:
    is_pupil = for_a_pupil(request)
    return {"is_pupil": is_pupil, "layout": "layout/pupil.html" if is_pupil else "layout/base.html"}


def audience_ids(values: list[str]) -> list[str]:
    """What is shaped like an id."""
    return [value for value in values if audience.CODE.fullmatch(f"person:{value}")]


def visible_message(request: HttpRequest, pk: Any) -> Message:
    rows = Message.objects.visible_to(request.user).select_related("author__person", "school", "answers__author")
    return get_object_or_404(rows, pk=pk)
