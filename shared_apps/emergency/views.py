"""The academy's pages: what is stopped, stopping, opening again. Each act asks the second factor anew."""

from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.forms import is_done
from shared_apps.accounts.sessions import ask_factor_again, is_fresh
from shared_apps.emergency import services
from shared_apps.emergency.forms import MeasureForm, ReopenForm, ThrowForm
from shared_apps.emergency.models import Alarm, ReportedMessage, Switch
from shared_apps.reference.models import RefSchool

SHOWN = 20
ALARMS_SHOWN = timedelta(days=7)


def _require(request: Any, permission: str) -> None:
    request.nav_current = "home"
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    _require(request, "emergency.view")
    rows = Switch.objects.visible_to(request.user)
    context = {
        "thrown": list(rows.thrown()),
        "over": list(rows.over()[:SHOWN]),
        "alarms": Alarm.objects.visible_to(request.user).since(ALARMS_SHOWN).select_related("commune"),
        "reported": _reported(ReportedMessage.objects.visible_to(request.user).open()),
        "closed": _reported(ReportedMessage.objects.visible_to(request.user).closed()[:SHOWN]),
        "may_close": request.user.has_perm("emergency.close_report"),
        "may_throw": request.user.has_perm("emergency.throw"),
    }
    return render(request, "emergency/home.html", context)


def _reported(rows: QuerySet[ReportedMessage]) -> list[dict[str, Any]]:
    """With the school; where nobody there can read it, whose inspector to call."""
    rows = rows.select_related("commune", "closed_by")
    schools = RefSchool.objects.filter(uai__in=rows.values("uai")).values_list("uai", "name", "district__short_name")
    known = {uai: (name, district or "") for uai, name, district in schools}
    lines = [(row, *known.get(row.uai, (row.uai, ""))) for row in rows]
    return [{"row": row, "school": school, "district": "" if row.heads else place} for row, school, place in lines]


@require_POST
def close_report(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "emergency.close_report")
    row = get_object_or_404(ReportedMessage.objects.visible_to(request.user), pk=pk)
    try:
        services.close_report(actor=request.user, report=row)
        messages.success(request, _("C’est noté : ce signalement est traité."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("emergency:home")


def throw(request: HttpRequest) -> HttpResponse:
    _require(request, "emergency.throw")
    if not is_fresh(request):
        ask_factor_again(request, then=request.get_full_path())
        return redirect("accounts:verify")
    form = ThrowForm(request.POST or None, initial={name: request.GET.get(name, "") for name in ("level", "code")})
    if is_done(form, partial(services.throw, actor=request.user)):
        messages.success(request, _("C’est coupé. Plus rien ne part, même ce qui attendait."))
        return redirect("emergency:home")
    return render(request, "emergency/throw.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def switch(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "emergency.view")
    return _page(request, _switch(request, pk))


@require_POST
def reopen(request: HttpRequest, pk: Any) -> HttpResponse:
    """For the ticked profiles; all of them: the switch is lifted."""
    _require(request, "emergency.throw")
    row = _switch(request, pk)
    form = ReopenForm(request.POST, switch=row)
    return _act(request, row, form, services.reopen, _("C’est rouvert."), "reopen_form")


@require_POST
def measure(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request, "emergency.throw")
    row = _switch(request, pk)
    done = _("C’est demandé à chaque commune. L’avancement se lit ici.")
    return _act(request, row, MeasureForm(request.POST), services.measure, done, "measure_form")


def _act(request: HttpRequest, row: Switch, form: forms.Form, act: Any, done: str, name: str) -> HttpResponse:
    if not is_fresh(request):
        ask_factor_again(request, then=row.get_absolute_url())
        return redirect("accounts:verify")
    if is_done(form, partial(act, actor=request.user, switch=row)):
        messages.success(request, done)
        return redirect(row)
    return _page(request, row, **{name: form})


def _switch(request: HttpRequest, pk: Any) -> Switch:
    rows = Switch.objects.visible_to(request.user).select_related("thrown_by", "lifted_by")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, row: Switch, **bound: forms.Form) -> HttpResponse:
    context = {
        "stop": row,
        "measures": list(row.measures.all()),
        "reopen_form": ReopenForm(switch=row),
        "measure_form": MeasureForm(initial={"since": row.starts_at}),
        "may_throw": request.user.has_perm("emergency.throw"),
    }
    return render(request, "emergency/switch.html", context | bound, status=422 if bound else 200)
