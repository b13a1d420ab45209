"""The academy's pages: which column is which, for each kind of file. Edited as a new version, tried, published."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from shared_apps.layouts import services
from shared_apps.layouts.defaults import DEFAULTS, KINDS
from shared_apps.layouts.forms import TrialForm, VersionForm
from shared_apps.layouts.models import LayoutVersion
from shared_apps.layouts.shapes import Layout, clean_key


@require_safe
def layouts(request: HttpRequest) -> HttpResponse:
    _require(request, "layouts.view_layouts")
    current = {row.kind: row for row in LayoutVersion.objects.filter(is_current=True)}
    rows = [{"kind": kind, "label": label, "version": current.get(kind)} for kind, label in KINDS.items()]
    return render(request, "layouts/layouts.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest, kind: str) -> HttpResponse:
    """The versions of a kind, and a header line tried on the one in force."""
    _require(request, "layouts.view_layouts")
    versions = list(LayoutVersion.objects.filter(kind=_known(kind)).select_related("created_by"))
    current = next((row for row in versions if row.is_current), None)
    shown = current.layout if current else DEFAULTS[kind]
    return _page(request, shown, {"versions": versions, "current": current, "is_current": True})


@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    _require(request, "layouts.view_layouts")
    row = None
    if number:
        row = get_object_or_404(LayoutVersion.objects.select_related("created_by"), kind=_known(kind), number=number)
        is_current = row.is_current
    else:
        is_current = not LayoutVersion.objects.filter(kind=_known(kind), is_current=True).exists()
    shown = row.layout if row else DEFAULTS[kind]
    return _page(request, shown, {"version": row, "is_current": is_current, "is_one": True})


def _page(request: HttpRequest, shown: Layout, context: dict[str, Any]) -> HttpResponse:
    trial = TrialForm(request.POST or None)
    if request.method == "POST" and trial.is_valid():
        context |= {"tried": _tried(shown, trial.titles), "missing": _missing(shown, trial.titles)}
    context |= {
        "layout": shown,
        "trial": trial,
        "label": KINDS[shown.kind],
        "may_edit": request.user.has_perm("layouts.edit_layouts"),
    }
    return render(request, "layouts/layout.html", context, status=422 if trial.errors else 200)


def _tried(shown: Layout, titles: list[str]) -> list[dict[str, Any]]:
    """Each header of the line: read as a field, of no use, or unknown."""
    found = []
    for title in titles:
        key = clean_key(title)
        if key:
            field = shown.by_key.get(key)
            found.append({"title": title.strip(), "field": field, "is_ignored": key in shown.ignored_keys})
    return found


def _missing(shown: Layout, titles: list[str]) -> list[str]:
    return [field.label for field in shown.missing(map(clean_key, titles))]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The next version, beginning with the headers of this one (0: the one that the code ships)."""
    _require(request, "layouts.edit_layouts")
    base = DEFAULTS[_known(kind)]
    if number:
        base = get_object_or_404(LayoutVersion, kind=kind, number=number).layout
    form = VersionForm(request.POST or None, layout=base)
    if request.method == "POST" and form.is_valid():
        facts = {"headers": form.headers, "ignored": form.ignored, "note": form.cleaned_data["note"]}
        try:
            written = services.write_version(actor=request.user, kind=kind, **facts)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request,
                _("La version %(number)s est écrite. Essayez-la, puis publiez-la.") % {"number": written.number},
            )
            return redirect(written)
    context = {"form": form, "layout": base, "label": KINDS[kind]}
    return render(request, "layouts/edit.html", context, status=422 if form.errors else 200)


@require_POST
def publish(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    _require(request, "layouts.edit_layouts")
    if number:
        get_object_or_404(LayoutVersion, kind=_known(kind), number=number)
    try:
        services.publish(actor=request.user, kind=_known(kind), number=number)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("C’est publié : les communes lisent cette version dans la minute."))
    return redirect(reverse("layouts:layout", args=[kind]))


def _require(request: HttpRequest, permission: str) -> None:
    request.nav_current = "home"  # type: ignore[attr-defined]
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise Http404
    return kind
