"""The academy's pages of reference data: official files approved, and what happens between two of them."""

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
from core.words import short_day
from shared_apps.reference import by_hand, refreshing
from shared_apps.reference.data_forms import (
    ApproveForm,
    CalendarForm,
    CloseForm,
    MergeForm,
    OpenForm,
    ReasonForm,
    RenameForm,
    UploadForm,
)
from shared_apps.reference.differences import What
from shared_apps.reference.loading import UnreadableFileError
from shared_apps.reference.models import CalendarDay, RefCommune, ReferenceAct, ReferenceLoad, RefSchool

SHOWN, FOUND, FIRST_ERRORS = 20, 8, 20


def _require(request: Any) -> None:
    request.nav_current = "home"
    if not request.user.has_perm("reference.manage_reference"):
        raise PermissionDenied


# --- official files


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    _require(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        facts = {"kind": form.cleaned_data["kind"], "file_name": file.name, "content": file.read()}
        try:
            return redirect("reference_data:load", refreshing.propose(actor=request.user, **facts).pk)
        except UnreadableFileError as refusal:
            errors = refusal.errors
            form.add_error("file", _("Ce fichier n’est pas lisible tel quel. Rien n’a été modifié."))
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    query = request.GET.get("q", "").strip()[:80]
    context = {"form": form, "wrong": errors[:FIRST_ERRORS], "more": max(0, len(errors) - FIRST_ERRORS), "query": query}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "reference/data_home.html", context | _found(query) | _history(), status=status)


def _found(query: str) -> dict[str, Any]:
    if not query:
        return {"schools": [], "communes": []}
    return {
        "schools": list(RefSchool.objects.select_related("commune").search(query)[:FOUND]),
        "communes": list(RefCommune.objects.search(query)[:FOUND]),
    }


def _history() -> dict[str, Any]:
    loads = ReferenceLoad.objects.defer("content", "lines").select_related("uploaded_by", "decided_by")
    return {
        "waiting": list(loads.filter(state="waiting")),
        "loads": list(loads.exclude(state="waiting")[:SHOWN]),
        "acts": list(ReferenceAct.objects.select_related("done_by")[:SHOWN]),
    }


@require_safe
def load(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request)
    return _load_page(request, _load(pk), ApproveForm())


def _load(pk: Any) -> ReferenceLoad:
    return get_object_or_404(ReferenceLoad.objects.defer("content").select_related("uploaded_by", "decided_by"), pk=pk)


def _load_page(request: HttpRequest, row: ReferenceLoad, form: ApproveForm) -> HttpResponse:
    groups = [
        {"what": what.value, "label": what.label, "lines": lines}
        for what in What
        if (lines := [line for line in row.lines if line["what"] == what.value])
    ]
    context = {"load": row, "groups": groups, "form": form, "leaves_many": refreshing.leaves_many(row)}
    context["steps"] = _steps(row)
    return render(request, "reference/data_load.html", context, status=422 if form.errors else 200)


def _steps(row: ReferenceLoad) -> list[dict[str, Any]]:
    """Deposited, read line by line, decided."""
    if row.state == ReferenceLoad.State.WAITING:
        ahead = [("current", _("Relu, ligne par ligne"), ""), ("waiting", _("Approuvé, puis écrit"), "")]
    else:
        word = _("Approuvé, puis écrit") if row.state == ReferenceLoad.State.APPROVED else _("Écarté")
        ahead = [("done", _("Relu, ligne par ligne"), ""), ("done", word, short_day(row.decided_at))]
    steps = [("done", _("Déposé et comparé"), short_day(row.created_at)), *ahead]
    return [{"state": state, "label": label, "date": date} for state, label, date in steps]


@require_POST
def approve(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request)
    row, form = _load(pk), ApproveForm(request.POST)
    if is_done(form, partial(refreshing.approve, actor=request.user, load=row)):
        messages.success(request, _("C’est écrit : le référentiel suit ce fichier."))
        return redirect("reference_data:load", row.pk)
    return _load_page(request, row, form)


@require_POST
def refuse(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request)
    try:
        refreshing.refuse(actor=request.user, load=_load(pk))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Le fichier est écarté : rien n’a été modifié."))
    return redirect("reference_data:home")


# --- schools


@require_http_methods(["GET", "HEAD", "POST"])
def open_school(request: HttpRequest) -> HttpResponse:
    _require(request)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and is_done(form, partial(by_hand.open_school, actor=request.user)):
        messages.success(request, _("L’école est ouverte dans le référentiel."))
        return redirect("reference_data:school", form.cleaned_data["uai"])
    context = {"form": form, "title": _("Ouvrir une école"), "act": _("Ouvrir l’école")}
    return render(request, "reference/data_form.html", context, status=422 if form.errors else 200)


@require_safe
def school(request: HttpRequest, uai: str) -> HttpResponse:
    _require(request)
    return _school_page(request, _school(uai))


def _school(uai: str) -> RefSchool:
    return get_object_or_404(RefSchool.objects.select_related("commune", "district", "former_commune"), uai=uai)


def _school_page(request: HttpRequest, row: RefSchool, **bound: forms.Form) -> HttpResponse:
    context = {
        "school": row,
        "rename_form": RenameForm(initial={"name": row.name}),
        "close_form": CloseForm(),
        "reopen_form": ReasonForm(),
        "acts": list(ReferenceAct.objects.filter(code=row.uai).select_related("done_by")[:SHOWN]),
    }
    return render(request, "reference/data_school.html", context | bound, status=422 if bound else 200)


@require_POST
def rename_school(request: HttpRequest, uai: str) -> HttpResponse:
    _require(request)
    row, form = _school(uai), RenameForm(request.POST)
    if is_done(form, partial(by_hand.rename, actor=request.user, row=row)):
        messages.success(request, _("Le nom est changé."))
        return redirect("reference_data:school", uai)
    return _school_page(request, row, rename_form=form)


@require_POST
def close_school(request: HttpRequest, uai: str) -> HttpResponse:
    _require(request)
    row, form = _school(uai), CloseForm(request.POST)
    if is_done(form, partial(by_hand.close_school, actor=request.user, school=row)):
        messages.success(request, _("L’école ne compte plus. Son espace, s’il existe, n’est pas touché."))
        return redirect("reference_data:school", uai)
    return _school_page(request, row, close_form=form)


@require_POST
def reopen_school(request: HttpRequest, uai: str) -> HttpResponse:
    _require(request)
    row, form = _school(uai), ReasonForm(request.POST)
    if is_done(form, partial(by_hand.reopen_school, actor=request.user, school=row)):
        messages.success(request, _("L’école est rouverte."))
        return redirect("reference_data:school", uai)
    return _school_page(request, row, reopen_form=form)


# --- communes


@require_safe
def commune(request: HttpRequest, insee: str) -> HttpResponse:
    _require(request)
    return _commune_page(request, _commune(insee), RenameForm())


def _commune(insee: str) -> RefCommune:
    return get_object_or_404(RefCommune.objects.select_related("successor"), insee=insee)


def _commune_page(request: HttpRequest, row: RefCommune, form: RenameForm) -> HttpResponse:
    context = {
        "commune": row,
        "form": form,
        "absorbed": list(row.absorbed.order_by("sort_name", "insee")),
        "acts": list(ReferenceAct.objects.filter(code=row.insee).select_related("done_by")[:SHOWN]),
    }
    return render(request, "reference/data_commune.html", context, status=422 if form.is_bound else 200)


@require_POST
def rename_commune(request: HttpRequest, insee: str) -> HttpResponse:
    _require(request)
    row, form = _commune(insee), RenameForm(request.POST)
    if is_done(form, partial(by_hand.rename, actor=request.user, row=row)):
        messages.success(request, _("Le nom est changé. L’adresse de son espace reste la même."))
        return redirect("reference_data:commune", insee)
    return _commune_page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, insee: str) -> HttpResponse:
    """First what it changes, for each commune; then, confirmed, it is done."""
    _require(request)
    into = _commune(insee)
    form = MergeForm(request.POST or None, initial={"name": into.name})
    told: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        told = by_hand.consequences([into, *facts["absorbed"]])
        if not facts.pop("confirms"):
            form.add_error("confirms", _("Lisez ce que cela change pour chaque commune, puis cochez."))
        elif _is_merged(request, form, into, facts):
            messages.success(request, _("Les communes sont réunies."))
            return redirect("reference_data:commune", insee)
    context = {"form": form, "commune": into, "told": told}
    return render(request, "reference/data_merge.html", context, status=422 if form.errors else 200)


def _is_merged(request: HttpRequest, form: MergeForm, into: RefCommune, facts: dict[str, Any]) -> bool:
    try:
        by_hand.merge_communes(actor=request.user, into=into, **facts)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


# --- calendar


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    _require(request)
    rows = CalendarDay.objects.filter(removed_on=None).order_by("-school_year", "starts_on", "id")
    return render(request, "reference/data_calendar.html", {"days": list(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
def add_day(request: HttpRequest) -> HttpResponse:
    return _saved(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, pk: Any) -> HttpResponse:
    return _saved(request, pk)


def _saved(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request)
    row = _day(pk) if pk else None
    form = CalendarForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        act = partial(by_hand.save_day, actor=request.user, day=_day(pk) if pk else None)
        try:
            act(reason=form.cleaned_data["reason"], **form.facts())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Le calendrier est enregistré."))
            return redirect("reference_data:calendar")
    context = {"form": form, "day": row, "remove_form": ReasonForm(auto_id="remove_%s")}
    return render(request, "reference/data_day.html", context, status=422 if form.errors else 200)


def _day(pk: Any) -> CalendarDay:
    return get_object_or_404(CalendarDay, pk=pk, removed_on=None)


@require_POST
def remove_day(request: HttpRequest, pk: Any) -> HttpResponse:
    _require(request)
    row, form = _day(pk), ReasonForm(request.POST)
    if is_done(form, partial(by_hand.remove_day, actor=request.user, day=row)):
        messages.success(request, _("Ce jour est retiré du calendrier."))
        return redirect("reference_data:calendar")
    messages.error(request, _("Dites pourquoi ce jour est retiré."))
    return redirect("reference_data:day", pk)
