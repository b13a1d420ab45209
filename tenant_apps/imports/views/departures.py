"""Pupils whom a file no longer mentions: who left, and who comes back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from tenant_apps.imports import departures as rules
from tenant_apps.imports import services
from tenant_apps.imports.models import ImportLine, ImportPlan

PER_PAGE = 50
Status = ImportLine.Status


@require_POST
def mark(request: HttpRequest, pk: Any) -> HttpResponse:
    """The ticked ones of the page have left, the others of the page have not; or all of the file at once."""
    plan = get_object_or_404(ImportPlan.objects.visible_to(request.user).select_related("school"), pk=pk)
    absent = plan.lines.filter(status=Status.LEFT)
    shown = absent if "tous" in request.POST else absent.from_form(request.POST.getlist("montres"))
    ticked = shown if "tous" in request.POST else shown.from_form(request.POST.getlist("partis"))
    gone = set(ticked.values_list("pk", flat=True))
    stay = set(shown.values_list("pk", flat=True)) - gone
    try:
        services.mark_departures(actor=request.user, plan=plan, keys=stay, gone=False)
        services.mark_departures(actor=request.user, plan=plan, keys=gone, gone=True)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _marked(plan.lines.departures().count()))
    return redirect(f"{plan.get_absolute_url()}?voir={Status.LEFT}")


def _marked(count: int) -> str:
    if not count:
        return _("Personne ne part : tous restent dans leur classe.")
    text = ngettext(
        "%(count)s départ noté : il sera enregistré quand vous appliquerez.",
        "%(count)s départs notés : ils seront enregistrés quand vous appliquerez.",
        count,
    )
    return text % {"count": count}


@require_safe
def departures(request: HttpRequest) -> HttpResponse:
    """Those of the last thirty days, each with its way back."""
    if not request.user.has_perm("imports.import_people"):
        raise PermissionDenied
    request.nav_current = "people:school"  # type: ignore[attr-defined]
    page = Paginator(rules.recent(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/departures.html", {"page": page, "days": rules.UNDONE_WITHIN.days})


@require_POST
def undo(request: HttpRequest, pk: Any) -> HttpResponse:
    enrollment = get_object_or_404(rules.ended_in_my_schools(request.user), pk=pk)
    try:
        rules.undo_departure(actor=request.user, enrollment=enrollment)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        facts = {"name": enrollment.pupil.person.full_name, "label": enrollment.school_class.label}
        messages.success(request, _("%(name)s est de nouveau en %(label)s.") % facts)
    return redirect("imports:departures")
