"""Waves: formed by a filter or a list, acts begun, watched, stopped, resumed."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.acts import require
from core.csvs import csv_response
from core.errors import DomainError
from shared_apps.accounts.sessions import ask_factor_again, is_verified_within
from shared_apps.onboarding import journey
from shared_apps.onboarding.follow_up_forms import LinesOfWave, ListForm, WaveActForm, WaveFilterForm, WaveForm
from shared_apps.onboarding.models import CommuneList, Wave, WaveAct, WaveItem
from shared_apps.onboarding.services import lists, waves
from shared_apps.onboarding.services.signing import FRESH
from shared_apps.onboarding.wave_acts import WaveActKind, kinds

MANAGE = "onboarding.manage_case"
SHOWN = 200
State = WaveItem.State


def all_waves(request: HttpRequest) -> HttpResponse:
    _require(request)
    rows = Wave.objects.annotate(total=Count("communes")).prefetch_related("acts").select_related("created_by")
    lines = []
    for one in rows[:SHOWN]:
        last = next(iter(one.acts.all()), None)
        lines.append({"wave": one, "act": last, "label": _label(last) if last else ""})
    given = CommuneList.objects.filter(applied_at=None).select_related("file", "given_by")[:10]
    return render(request, "onboarding/waves.html", {"lines": lines, "lists": given, "list_form": ListForm()})


def new_wave(request: HttpRequest) -> HttpResponse:
    """The communes that answer the filter, all ticked; then a name."""
    _require(request)
    filters = WaveFilterForm(request.GET or None)
    found = filters.communes(request.user)
    form = WaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = set(request.POST.getlist("communes"))
        visible = WaveFilterForm({}).communes(request.user).filter(insee__in=asked)
        try:
            wave = waves.form_wave(
                actor=request.user, name=form.cleaned_data["name"], insees=visible.values_list("insee", flat=True)
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("onboarding:wave", wave.pk)
    lines = [{"commune": c, "tag": journey.tag(getattr(c, "case", None))} for c in found[:SHOWN]]
    context = {"filters": filters, "form": form, "lines": lines, "count": found.count(), "shown": SHOWN}
    return render(request, "onboarding/new_wave.html", context, status=422 if form.errors else 200)


def wave(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _wave(request, pk)
    return _wave_page(request, one)


def _wave_page(request: Any, one: Wave, *, bound: WaveActForm | None = None, status: int = 200) -> HttpResponse:
    communes = list(one.communes.select_related("case__owner").order_by("sort_name", "insee"))
    lines = [{"commune": c, "case": getattr(c, "case", None)} for c in communes]
    for line in lines:
        line["tag"] = journey.tag(line["case"])
    acts = list(one.acts.select_related("asked_by"))
    waiting = Counter(line["case"].state if line["case"] else "" for line in lines)
    possible = [
        {
            "kind": kind,
            "form": bound if bound and bound.prefix == kind.code else _form(kind),
            "waiting": waiting[kind.waits_in] if kind.waits_in else None,
        }
        for kind in kinds
        if kind.is_offered and request.user.has_perm(kind.permission)
    ]
    possible.sort(key=lambda one: not one["waiting"])  # what is awaited first
    context = {
        "wave": one,
        "lines": lines,
        "acts": [{"act": act, "label": _label(act)} for act in acts],
        "running": next((act for act in acts if act.is_running), None),
        "possible": possible,
        "open_act": bound.prefix if bound else "",
        "states": Counter(line["tag"]["label"] for line in lines).most_common(),
    }
    return render(request, "onboarding/wave.html", context, status=status)


def _form(kind: WaveActKind, data: Any = None) -> WaveActForm:
    return WaveActForm(data, asks=kind.asks, prefix=kind.code)


def begin_act(request: HttpRequest, pk: Any, kind: str) -> HttpResponse:
    one, chosen = _wave(request, pk), _kind(request, kind)
    if chosen.is_by_line:
        return _by_line(request, one, chosen)
    if request.method != "POST":
        return redirect("onboarding:wave", one.pk)
    if chosen.is_signing and not is_verified_within(request, FRESH):
        return _ask_factor(request, reverse("onboarding:wave", args=[one.pk]))
    form = _form(chosen, request.POST)
    if not form.is_valid():
        return _wave_page(request, one, bound=form, status=422)
    try:
        act = waves.begin_act(actor=request.user, wave=one, kind=kind, params=form.params())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("onboarding:wave", one.pk)
    return redirect("onboarding:wave_act", act.pk)


def _kind(request: Any, code: str) -> WaveActKind:
    if code not in kinds or not kinds[code].is_offered:
        raise Http404
    if not request.user.has_perm(kinds[code].permission):
        raise PermissionDenied
    return kinds[code]


def _ask_factor(request: HttpRequest, then: str) -> HttpResponse:
    ask_factor_again(request, then=then)
    messages.info(request, _("Donnez de nouveau votre second facteur, puis signez."))
    return redirect("accounts:verify")


def _by_line(request: HttpRequest, one: Wave, kind: WaveActKind) -> HttpResponse:
    """A line for each commune that waits for this act; those that are filled are asked of the workers."""
    page = LinesOfWave(request, one, kind)
    if request.method == "POST" and page.is_valid():
        try:
            act = waves.begin_act(
                actor=request.user, wave=one, kind=kind.code, params=page.form.params(), lines=page.params()
            )
        except DomainError as refusal:
            page.form.add_error(None, refusal.message)
        else:
            return redirect("onboarding:wave_act", act.pk)
    context = {"wave": one, "kind": kind, "page": page}
    return render(request, "onboarding/wave_lines.html", context, status=422 if page.has_errors else 200)


# --- one act, watched


def act(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _act(request, pk)
    return render(request, "onboarding/wave_act.html", _board(one))


def act_panel(request: HttpRequest, pk: Any) -> HttpResponse:
    """The part that htmx asks for again; anybody else gets the page."""
    one = _act(request, pk)
    if not request.htmx:
        return redirect("onboarding:wave_act", one.pk)
    return render(request, "onboarding/_wave_act.html", _board(one))


def _board(one: WaveAct) -> dict[str, Any]:
    items = list(one.items.select_related("commune"))
    counts = Counter(item.state for item in items)
    over = len(items) - counts[State.WAITING] - counts[State.RUNNING]
    return {
        "act": one,
        "label": _label(one),
        "items": items,
        "total": len(items),
        "over": over,
        "percent": round(100 * over / len(items)) if items else 100,
        "done": counts[State.DONE],
        "skipped": counts[State.SKIPPED],
        "failed": counts[State.FAILED],
        "left": counts[State.WAITING] + counts[State.RUNNING],
        "can_resume": not one.is_running and counts[State.DONE] + counts[State.SKIPPED] < len(items),
    }


@require_POST
def stop_act(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _act(request, pk)
    waves.stop_act(actor=request.user, act=one)
    return redirect("onboarding:wave_act", one.pk)


@require_POST
def resume_act(request: HttpRequest, pk: Any) -> HttpResponse:
    one = _act(request, pk)
    kind = _kind(request, one.kind)
    if kind.is_signing and not is_verified_within(request, FRESH):
        return _ask_factor(request, reverse("onboarding:wave_act", args=[one.pk]))
    try:
        waves.resume_act(actor=request.user, act=one)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("onboarding:wave_act", one.pk)


# --- lists


def give_list(request: HttpRequest) -> HttpResponse:
    _require(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = lists.give_list(actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("upload", refusal.message)
        else:
            return redirect("onboarding:list", given.pk)
    return render(request, "onboarding/give_list.html", {"form": form}, status=422 if form.errors else 200)


def list_model(request: HttpRequest) -> HttpResponse:
    _require(request)
    return csv_response("communes.csv", lists.MODEL, [])


def review_list(request: HttpRequest, pk: Any) -> HttpResponse:
    given = _given(request, pk)
    if request.method == "POST":
        try:
            given = lists.apply_list(actor=request.user, given=given)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("onboarding:list", given.pk)
        messages.success(request, _("La liste est appliquée."))
        return redirect("onboarding:wave", given.wave_id) if given.wave_id else redirect("onboarding:list", given.pk)
    plan = lists.plan_of(given)
    return render(request, "onboarding/list.html", {"given": given, "plan": plan})


def _given(request: HttpRequest, pk: Any) -> CommuneList:
    _require(request)
    return get_object_or_404(CommuneList.objects.select_related("file", "given_by", "wave"), pk=pk)


def _wave(request: HttpRequest, pk: Any) -> Wave:
    _require(request)
    return get_object_or_404(Wave, pk=pk)


def _act(request: HttpRequest, pk: Any) -> WaveAct:
    _require(request)
    return get_object_or_404(WaveAct.objects.select_related("wave", "asked_by"), pk=pk)


def _label(one: WaveAct) -> str:
    return str(kinds[one.kind].label) if one.kind in kinds else one.kind


def _require(request: Any) -> None:
    request.nav_current = "home"
    require(request, MANAGE)
