from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.csvs import csv_response
from core.errors import DomainError
from shared_apps.reference.models import Department
from shared_apps.training.forms import CancelForm, SessionForm
from shared_apps.training.models import Registration, Session
from shared_apps.training.services import sessions as services
from shared_apps.training.telling import comments_of
from shared_apps.training.views.shared import (
    MANAGE,
    attempt,
    kept_place,
    place_filters,
    require,
    tabs,
    visible_session,
    without_page,
)

PER_PAGE = 20


def sessions(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    shows_past = request.GET.get("quand") == "passees"
    page = Paginator(_asked(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": tabs(request, "sessions"),
        "times": _times(request, shows_past),
        "shows_past": shows_past,
        "filters": place_filters(request),
        "is_filtered": bool(request.GET.get("departement") or request.GET.get("circonscription")),
        "page_url": f"?{without_page(request.GET)}&page=",
        "query": without_page(request.GET),
        "may_manage": request.user.has_perm(MANAGE),
    }
    return render(request, "training/sessions.html", context)


def _asked(request: HttpRequest) -> Any:
    rows = Session.objects.visible_to(request.user)
    if request.GET.get("departement") in Department.values:
        rows = rows.filter(district__department_code=request.GET["departement"])
    if asked := request.GET.get("circonscription", "")[:8]:
        rows = rows.filter(district_id=asked)
    if request.GET.get("quand") == "passees":
        return rows.past().for_lists().order_by("-day", "-starts_at", "-pk")
    return rows.ahead().for_lists().order_by("day", "starts_at", "pk")


def _times(request: HttpRequest, shows_past: bool) -> list[dict[str, Any]]:
    kept = kept_place(request)
    return [
        {"label": _("À venir"), "url": f"?{kept}", "current": not shows_past},
        {"label": _("Passées"), "url": f"?quand=passees&{kept}", "current": shows_past},
    ]


def export(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    heads = [
        _("Jour"), _("Demi-journée"), _("Formation"), _("Niveau"), _("Heures"), _("Circonscription"), _("Lieu"),
        _("Places"), _("Inscrits"), _("En attente"), _("Présents"), _("État"),
    ]  # fmt: skip
    lines = (
        [
            row.day.isoformat(), row.get_half_display(), row.training.title, row.training.get_level_display(),
            row.training.hours, row.for_whom, row.where, row.seats, row.seated, row.waiting, row.present,
            row.get_state_display(),
        ]
        for row in _asked(request)
    )  # fmt: skip
    return csv_response("sessions-de-formation.csv", heads, lines)


def session(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk)
    may_manage = request.user.has_perm(MANAGE)
    registrations = Registration.objects.visible_to(request.user).filter(session=row)
    context = {
        "session": row,
        "schools": _schools(registrations),
        "rating": registrations.exclude(rating=None).aggregate(mean=Avg("rating"), n=Count("rating")),
        "comments": comments_of(registrations.exclude(rating=None)) if may_manage else [],
        "may_manage": may_manage,
        "left": max(0, row.seats - row.seated),
        "today": timezone.localdate(),
    }
    return render(request, "training/session.html", context)


def _schools(registrations: Any) -> list[dict[str, Any]]:
    """From where they come: numbers by school, no name."""
    columns = ("school__name", "school__uai", "school__commune__name")
    seated, waiting = Q(state__in=["confirmed", "present", "absent"]), Q(state="waiting")
    rows = registrations.order_by("school__commune__name", "school__name").values(*columns)
    rows = rows.annotate(seated=Count("pk", filter=seated), waiting=Count("pk", filter=waiting))
    return [
        {
            "name": row["school__name"],
            "uai": row["school__uai"],
            "commune": row["school__commune__name"],
            "seated": row["seated"],
            "waiting": row["waiting"],
        }
        for row in rows
        if row["seated"] or row["waiting"]
    ]


def plan(request: HttpRequest) -> HttpResponse:
    require(request, MANAGE)
    initial = {"trainer": request.user.pk, "training": request.GET.get("formation")}
    form = SessionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = services.plan_session(actor=request.user, session=form.instance)
        messages.success(request, _("La session est ouverte aux inscriptions, dans chaque commune."))
        return redirect("training:session", row.pk)
    status = 422 if form.errors else 200
    return render(request, "training/session_form.html", {"form": form, "session": None}, status=status)


def change(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk, MANAGE)
    form = SessionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_session(actor=request.user, session=form.instance)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("La session est changée ; les inscrits en sont prévenus si elle a bougé."))
            return redirect("training:session", pk)
    status = 422 if form.errors else 200
    return render(request, "training/session_form.html", {"form": form, "session": row}, status=status)


@require_POST
def turn(request: HttpRequest, pk: Any) -> HttpResponse:
    """Close the registrations, or open them again."""
    row = visible_session(request, pk, MANAGE)
    act = services.reopen_session if row.state == Session.State.CLOSED else services.close_session
    if attempt(request, lambda: act(actor=request.user, session=row)):
        messages.success(request, _("C’est fait."))
    return redirect("training:session", pk)


def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk, MANAGE)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, lambda: services.cancel_session(actor=request.user, session=row, reason=reason)):
            messages.success(request, _("La session est annulée. Les inscrits reçoivent le motif."))
        return redirect("training:session", pk)
    status = 422 if form.errors else 200
    return render(request, "training/cancel.html", {"form": form, "session": row}, status=status)
