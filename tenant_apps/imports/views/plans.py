"""Drop a file, read what it would change, decide, apply."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from tenant_apps.imports import review as shown
from tenant_apps.imports import services, town_template
from tenant_apps.imports.effects import effects, to_confirm
from tenant_apps.imports.forms import DecisionForm, UploadForm
from tenant_apps.imports.models import ImportLine, ImportPlan

LINES_PER_PAGE, DECISIONS_PER_PAGE = 50, 20
Status = ImportLine.Status


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Past imports of my schools, or of the town's staff, and where to drop the next file."""
    if not request.user.has_perm("imports.import_anything"):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    to_associate: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        facts = {"school": form.place, "file_name": form.name, "data": form.content, "columns": form.columns}
        try:
            return redirect(services.make_plan(actor=request.user, **facts))
        except DomainError as refusal:
            form.add_error("file", refusal.message)
            to_associate = shown.to_associate(refusal)
    _enter(request)
    context = {
        "form": form,
        "to_associate": to_associate,
        "plans": ImportPlan.objects.visible_to(request.user).select_related("school", "created_by")[:20],
    }
    return render(request, "imports/imports.html", context, status=422 if form.errors else 200)


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """The empty list of the town's staff, to fill in."""
    if not request.user.has_perm("imports.import_town_staff"):
        raise PermissionDenied
    content, content_type = town_template.town_staff(form)
    name = f"agents-de-la-commune.{form}"
    return HttpResponse(content, content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_safe
def review(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    waiting = plan.lines.undecided().count()
    status = request.GET.get("voir", "")
    if status not in Status.values:
        status = shown.first_to_see(plan, waiting)
    lines = plan.lines.filter(status=status)
    deciding = status == Status.TO_DECIDE
    if deciding:
        lines = lines.order_by("decision", "number")  # those without a decision first
    page = Paginator(lines, DECISIONS_PER_PAGE if deciding else LINES_PER_PAGE).get_page(request.GET.get("page"))
    _enter(request)
    context = {
        "plan": plan,
        "crumbs": _crumbs(plan),
        "remarks": any(line.reason for line in page),
        "tabs": shown.tabs(plan, status, waiting),
        "shown": status,
        "page": page,
        "comparisons": shown.comparisons(plan, page) if deciding else [],
        "changes": shown.changes(plan, page) if status == Status.UPDATED else [],
        "waiting": waiting,
        "effects": effects(plan),
        "confirm": to_confirm(plan),
        "board": shown.board(plan) if plan.is_running else None,
        "read": shown.lines_read(plan),
    }
    return render(request, "imports/review.html", context)


@require_safe
def progress(request: HttpRequest, pk: Any) -> HttpResponse:
    """The part that htmx asks for again and again; anybody else gets the whole page."""
    plan = _visible(request, pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(plan)
    context = {"plan": plan, "board": shown.board(plan)} if plan.is_running else {}
    response = render(request, "imports/_running.html", context) if context else HttpResponse()
    if not plan.is_running:
        response["HX-Refresh"] = "true"  # it has just ended: the whole page has changed
    return response


@require_POST
def decide(request: HttpRequest, pk: Any, line: Any) -> HttpResponse:
    plan = _visible(request, pk)
    chosen = get_object_or_404(plan.lines.select_related("plan__school"), pk=line)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez une des trois réponses. Rien n’a été modifié."))
    elif _attempt(request, services.decide, line=chosen, decision=form.cleaned_data["decision"]):
        messages.success(request, _("Votre choix pour %(name)s est noté.") % {"name": chosen.name})
    return redirect(f"{plan.get_absolute_url()}?voir={Status.TO_DECIDE}")


@require_POST
def apply(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    _attempt(request, services.start_apply, plan=plan, confirmation=request.POST.get("confirmation", ""))
    return redirect(plan)


@require_POST
def cancel(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    if _attempt(request, services.cancel_plan, plan=plan):
        if plan.applied_at:
            messages.success(request, _("Les lignes qui attendaient sont abandonnées. Ce qui est enregistré le reste."))
        else:
            messages.success(request, _("L’import est annulé. Rien n’a été modifié."))
    return redirect("imports:imports")


def _enter(request: HttpRequest) -> None:
    request.nav_current = "people:school"  # type: ignore[attr-defined]


def _crumbs(plan: ImportPlan) -> list[dict[str, str]]:
    place = [{"label": _("École"), "url": reverse("people:school")}] if plan.school_id else []
    return [*place, {"label": _("Imports"), "url": reverse("imports:imports")}]


def _visible(request: HttpRequest, pk: Any) -> ImportPlan:
    return get_object_or_404(ImportPlan.objects.visible_to(request.user).select_related("school", "created_by"), pk=pk)


def _attempt(request: HttpRequest, service: Any, **arguments: Any) -> bool:
    try:
        service(actor=request.user, **arguments)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    return True
