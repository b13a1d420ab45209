"""Drop a file, read what it would change, decide, apply."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.imports import services
from tenant_apps.imports.forms import DecisionForm, UploadForm
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.review import comparison, tabs

LINES_PER_PAGE = 50
Status = ImportLine.Status


def imports(request: HttpRequest) -> HttpResponse:
    """Past imports of my school, and where to drop the next file."""
    if not request.user.has_perm("imports.import_people"):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            plan = services.make_plan(
                actor=request.user, school=form.cleaned_data["school"], file_name=upload.name, data=upload.read()
            )
            return redirect(plan)
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    plans = ImportPlan.objects.visible_to(request.user).select_related("school", "created_by")[:20]
    return render(request, "imports/imports.html", {"form": form, "plans": plans}, status=422 if form.errors else 200)


def review(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    counts = plan.counts
    shown = request.GET.get("voir") or _first_to_see(counts)
    lines = plan.lines.filter(status=shown) if shown in Status.values else plan.lines.none()
    page = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
    undecided = list(plan.lines.filter(status=Status.TO_DECIDE)) if shown == Status.TO_DECIDE else []
    context = {
        "plan": plan,
        "tabs": tabs(counts, shown),
        "shown": shown,
        "page": page,
        "comparisons": [comparison(plan, line) for line in undecided],
        "labels": services.LABELS[ImportPlan.Kind(plan.kind)],
        "waiting": plan.lines.undecided().count(),
        "will_write": plan.lines.to_write().count(),
        "read": plan.lines.exclude(number=None).count(),
    }
    return render(request, "imports/review.html", context)


@require_POST
def decide(request: HttpRequest, pk: Any, line: Any) -> HttpResponse:
    plan = _visible(request, pk)
    chosen = get_object_or_404(plan.lines.select_related("plan__school"), pk=line)
    form = DecisionForm(request.POST)
    if form.is_valid():
        _attempt(request, services.decide, line=chosen, decision=form.cleaned_data["decision"])
    return redirect(f"{plan.get_absolute_url()}?voir={Status.TO_DECIDE}")


@require_POST
def apply(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    _attempt(request, services.apply_plan, plan=plan)
    return redirect(plan)


@require_POST
def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    if _attempt(request, services.cancel_plan, plan=plan):
        messages.success(request, _("L’import est annulé. Rien n’a été modifié."))
    return redirect("imports:imports")


def _first_to_see(counts: dict[str, int]) -> str:
    return next((status for status in Status.values if counts.get(status)), Status.CREATED)


def _visible(request: HttpRequest, pk: Any) -> ImportPlan:
    return get_object_or_404(ImportPlan.objects.visible_to(request.user).select_related("school", "created_by"), pk=pk)


def _attempt(request: HttpRequest, service: Any, **arguments: Any) -> bool:
    try:
        service(actor=request.user, **arguments)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    return True
