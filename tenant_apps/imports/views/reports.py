"""What became of each line, to keep: printed, or opened in a spreadsheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.csvs import csv_response
from tenant_apps.imports import review as shown
from tenant_apps.imports.models import ImportPlan


@require_safe
def report(request: HttpRequest, pk: Any) -> HttpResponse:
    """All the lines on one page, for paper."""
    plan = _visible(request, pk)
    request.nav_current = "people:school"  # type: ignore[attr-defined]
    context = {"plan": plan, "groups": shown.groups(plan), "read": shown.lines_read(plan)}
    return render(request, "imports/report.html", context)


@require_safe
def report_file(request: HttpRequest, pk: Any) -> HttpResponse:
    plan = _visible(request, pk)
    heads = [
        _("Ligne"), _("Sort"), _("Personne"), _("Colonne"), _("Motif"), _("Ce qui change"), _("Décision"),
        _("Enregistrée"),
    ]  # fmt: skip
    place = plan.school.uai if plan.school else "agents"
    name = f"import-{plan.created_at:%Y-%m-%d}-{place}.csv"
    return csv_response(name, heads, (row.cells for row in shown.report_rows(plan)))


def _visible(request: HttpRequest, pk: Any) -> ImportPlan:
    return get_object_or_404(ImportPlan.objects.visible_to(request.user).select_related("school", "created_by"), pk=pk)
