from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.training import ical
from shared_apps.training.models import CalendarFeed, Session
from shared_apps.training.services.feeds import feed_of, make_feed, revoke_feed
from shared_apps.training.views.shared import require, visible_session
from tenants.addresses import base_url

SINCE = timedelta(days=90)


def ics(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk)
    return ical.response(ical.calendar([ical.event_of(row)], name=row.training.title), filename="session.ics")


def my_calendar(request: HttpRequest) -> HttpResponse:
    """One's sessions in one's own calendar: an address shown once, revoked at will."""
    require(request, "training.own_calendar")
    if request.method == "POST" and "revoquer" in request.POST:
        revoke_feed(actor=request.user)
        messages.success(request, _("L’adresse ne répond plus. Retirez-la aussi de votre agenda."))
        return redirect("training:calendar")
    address = ""
    if request.method == "POST":
        address = base_url() + reverse("training:feed", args=[make_feed(actor=request.user)])
    context = {"address": address, "has_feed": CalendarFeed.objects.filter(user=request.user).exists()}
    response = render(request, "training/calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program, which can't sign in: the sessions one trains, no registration in them."""
    found = feed_of(token)
    if found is None:
        raise Http404
    rows = Session.objects.visible_to(found.user).of_trainer(found.user).select_related("training")
    rows = rows.filter(day__gte=timezone.localdate() - SINCE).order_by("day", "starts_at", "pk")
    return ical.response(
        ical.calendar(map(ical.event_of, rows), name=_("Mes sessions de formation")), filename="sessions.ics"
    )
