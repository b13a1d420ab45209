from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.csvs import csv_response
from shared_apps.statistics.usage.words import plain
from tenant_apps.usage.figures import Figures


def usage(request: HttpRequest) -> HttpResponse:
    return render(request, "usage/usage.html", {"figures": _figures(request)})


def usage_csv(request: HttpRequest) -> HttpResponse:
    figures = _figures(request)
    rows = [
        (section.title, row.label, measure, plain(value))
        for section in [figures.by_month, *figures.sections]
        for row in section.rows
        for measure, value in zip(section.columns[1:], (row.value, *row.extra), strict=True)
    ]
    month = f"{figures.month or figures.today:%Y-%m}"
    return csv_response(f"usage-{month}.csv", (_("Rubrique"), _("Ligne"), _("Mesure"), _("Nombre")), rows)


def _figures(request: Any) -> Figures:
    if not request.user.has_perm("usage.view_usage"):
        raise PermissionDenied
    return Figures(request.user, profile=request.profile, month=request.GET.get("mois", ""))
