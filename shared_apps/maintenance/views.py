"""The academy's pages: interventions, incidents, what changes."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.forms import is_done
from shared_apps.maintenance import services, slots
from shared_apps.maintenance.forms import (
    CancelForm,
    ChangeForm,
    EndForm,
    ExtendForm,
    IncidentForm,
    UpdateForm,
    WindowForm,
    proposed,
)
from shared_apps.maintenance.models import Change, Incident, Window
from shared_apps.reference.models import RefCommune

SHOWN = 20
HOUR = 60


def _require(request: Any, permission: str) -> None:
    request.nav_current = "home"
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _may(request: HttpRequest) -> dict[str, bool]:
    return {
        "may_plan": request.user.has_perm("maintenance.plan_window"),
        "may_tell": request.user.has_perm("maintenance.tell_incident"),
    }


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    _require(request, "maintenance.view_maintenance")
    incidents = Incident.objects.visible_to(request.user)
    context = {
        "windows": list(Window.objects.visible_to(request.user).ahead()),
        "past_windows": list(Window.objects.visible_to(request.user).behind()[:SHOWN]),
        "incidents": list(incidents.unfinished()),
        "past_incidents": list(incidents.exclude(ended_at=None)[:SHOWN]),
    }
    return render(request, "maintenance/home.html", context | _may(request))


# --- interventions


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    _require(request, "maintenance.plan_window")
    form = WindowForm(request.POST or None, initial=proposed(request.GET))
    if request.method == "POST" and form.is_valid():
        try:
            window = services.plan_window(actor=request.user, **form.facts())
        except DomainError as refusal:
            form.add_error("accepts_school_hours" if refusal.code == "school_hours" else "starts_at", refusal.message)
        else:
            messages.success(request, _("L’intervention est planifiée : les écoles la verront à la date choisie."))
            return redirect(window)
    minutes = _minutes(form)
    context = {"form": form, "slots": slots.next_slots(minutes), "minutes": minutes}
    return render(request, "maintenance/plan.html", context, status=422 if form.errors else 200)


def _minutes(form: WindowForm) -> int:
    value = getattr(form, "cleaned_data", {}).get("minutes") or form.initial.get("minutes")
    return min(value or HOUR, 24 * HOUR)


@require_safe
def window(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.view_maintenance")
    return _window_page(request, _window(request, pk))


def _window(request: HttpRequest, pk: Any) -> Window:
    return get_object_or_404(Window.objects.visible_to(request.user).select_related("created_by"), pk=pk)


def _window_page(request: HttpRequest, row: Window, **bound: forms.Form) -> HttpResponse:
    context = {
        "window": row,
        "communes": _names(row.communes),
        "extend_form": ExtendForm(initial={"ends_at": row.ends_at}),
        "cancel_form": CancelForm(),
    }
    status = 422 if bound else 200
    return render(request, "maintenance/window.html", context | bound | _may(request), status=status)


def _names(codes: list[str]) -> list[str]:
    rows = RefCommune.objects.filter(insee__in=codes).order_by("sort_name", "insee")
    return list(rows.values_list("name", flat=True)) if codes else []


@require_POST
def extend(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.plan_window")
    row, form = _window(request, pk), ExtendForm(request.POST)
    if is_done(form, partial(services.extend_window, actor=request.user, window=row)):
        messages.success(request, _("La nouvelle fin est annoncée."))
        return redirect(row)
    return _window_page(request, row, extend_form=form)


@require_POST
def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.plan_window")
    row, form = _window(request, pk), CancelForm(request.POST)
    if is_done(form, partial(services.cancel_window, actor=request.user, window=row)):
        messages.success(request, _("L’intervention est annulée : les bandeaux disparaissent dans la minute."))
        return redirect(row)
    return _window_page(request, row, cancel_form=form)


# --- incidents


@require_http_methods(["GET", "HEAD", "POST"])
def open_incident(request: HttpRequest) -> HttpResponse:
    _require(request, "maintenance.tell_incident")
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.open_incident(actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("started_at", refusal.message)
        else:
            messages.success(request, _("L’incident est annoncé. Donnez des nouvelles, même pour dire qu’on cherche."))
            return redirect(row)
    return render(request, "maintenance/open_incident.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def incident(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.view_maintenance")
    return _incident_page(request, _incident(request, pk))


def _incident(request: HttpRequest, pk: Any) -> Incident:
    rows = Incident.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(rows.prefetch_related("updates__created_by"), pk=pk)


def _incident_page(request: HttpRequest, row: Incident, **bound: forms.Form) -> HttpResponse:
    context = {
        "incident": row,
        "communes": _names(row.communes),
        "update_form": UpdateForm(initial={"severity": row.severity}),
        "end_form": EndForm(),
    }
    status = 422 if bound else 200
    return render(request, "maintenance/incident.html", context | bound | _may(request), status=status)


@require_POST
def update_incident(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.tell_incident")
    row, form = _incident(request, pk), UpdateForm(request.POST)
    if is_done(form, partial(services.update_incident, actor=request.user, incident=row)):
        messages.success(request, _("Le message est sur la page de l’état du service."))
        return redirect(row)
    return _incident_page(request, row, update_form=form)


@require_POST
def end_incident(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.tell_incident")
    row, form = _incident(request, pk), EndForm(request.POST)
    if is_done(form, partial(services.end_incident, actor=request.user, incident=row)):
        messages.success(request, _("L’incident est terminé."))
        return redirect(row)
    return _incident_page(request, row, end_form=form)


# --- what changes


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    _require(request, "maintenance.view_maintenance")
    rows = list(Change.objects.visible_to(request.user)[:200])
    context = {
        "drafts": [row for row in rows if not row.published_at],
        "published": [row for row in rows if row.published_at],
        "may_write": request.user.has_perm("maintenance.write_change"),
    }
    return render(request, "maintenance/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    return _written(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: Any) -> HttpResponse:
    return _written(request, pk)


def _written(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.write_change")
    row = _change(request, pk) if pk else None
    form = ChangeForm.of(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.write_change(actor=request.user, change=row, **form.cleaned_data)
        messages.success(request, _("La nouveauté est enregistrée."))
        return redirect("maintenance:changes")
    context = {"form": form, "change": row}
    return render(request, "maintenance/change.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, pk: Any) -> Change:
    return get_object_or_404(Change.objects.visible_to(request.user), pk=pk)


@require_POST
def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.write_change")
    services.publish_change(actor=request.user, change=_change(request, pk))
    messages.success(request, _("C’est publié : les écoles le lisent dans la minute."))
    return redirect("maintenance:changes")


@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "maintenance.write_change")
    services.withdraw_change(actor=request.user, change=_change(request, pk))
    messages.success(request, _("La nouveauté est redevenue un brouillon."))
    return redirect("maintenance:changes")
