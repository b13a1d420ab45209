"""What one was told, newest first; and how one wants to be told."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shared_apps.accounts import devices
from shared_apps.accounts.facts import facts_of
from shared_apps.notifications import push, services
from shared_apps.notifications.forms import PreferenceForm, SubscriptionForm
from shared_apps.notifications.models import Notification, Preference, PushSubscription
from shared_apps.notifications.types import types_for

PER_PAGE = 20
WORKER = Path(__file__).parent / "static/notifications/worker.js"


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


def preferences(request: HttpRequest) -> HttpResponse:
    """What I receive, and when. A child reads it on its pages and nowhere else."""
    if facts_of(request.user).is_pupil:
        raise Http404
    request.nav_current = "home"
    instance = Preference.objects.by_user([request.user])[request.user.pk]
    push_key = push.public_key() if push.is_offered() else ""
    types = types_for(request.profiles)
    form = PreferenceForm(request.POST or None, types=types, instance=instance, has_push=bool(push_key))
    if request.method == "POST" and form.is_valid():
        services.choose(actor=request.user, **form.chosen)
        messages.success(request, _("C’est enregistré."))
        return redirect("notifications:preferences")
    is_returned = bool(request.user.email) and not instance.may_write_to(request.user)
    context = {"form": form, "is_returned": is_returned, "devices": _called(request), "push_key": push_key}
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


def _called(request: HttpRequest) -> list[PushSubscription]:
    rows = list(PushSubscription.objects.filter(device__user=request.user).select_related("device").order_by("pk"))
    for row in rows:
        row.is_this_one = devices.is_this_one(request, row.device)  # type: ignore[attr-defined]
    return rows


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """The browser's own button filled the form in."""
    if facts_of(request.user).is_pupil:
        raise Http404
    form, device = SubscriptionForm(request.POST), devices.this_one(request)
    try:
        if device is None or not form.is_valid():
            raise push.Refused(_("Cet appareil ne peut pas être prévenu."))
        push.subscribe(device, **form.cleaned_data)
        messages.success(request, _("Cet appareil sera prévenu."))
    except push.Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("notifications:preferences")


@require_POST
def unsubscribe(request: HttpRequest, pk: Any) -> HttpResponse:
    push.unsubscribe(get_object_or_404(PushSubscription.objects.filter(device__user=request.user), pk=pk))
    messages.success(request, _("Cet appareil ne sera plus prévenu."))
    return redirect("notifications:preferences")


def worker(request: HttpRequest) -> HttpResponse:
    """Shows what it is called with; its folder is that of these pages, and it governs none."""
    source = WORKER.read_text(encoding="utf-8")
    return HttpResponse(source, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
