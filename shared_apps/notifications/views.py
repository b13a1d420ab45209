"""What one was told, newest first."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from shared_apps.notifications import services
from shared_apps.notifications.models import Notification

PER_PAGE = 20


def notifications(request: HttpRequest) -> HttpResponse:
    request.nav_current = "home"
    rows = Notification.objects.visible_to(request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page, "unread": services.unread_count(request.user)})


def open_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """The page it speaks of; opening it is reading it. What one may see there is that page's own rule."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    services.mark_read(notification)
    return HttpResponseRedirect(notification.url or reverse("notifications:list"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(request.user)
    return redirect("notifications:list")
