from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.csvs import csv_response
from core.words import day, figure, share
from shared_apps.reference.models import Department
from shared_apps.statistics.sheets import sheet_pdf
from shared_apps.training import coverage as figures
from shared_apps.training.views.shared import place_filters, require, tabs, without_page

PER_PAGE = 50


def coverage(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    rows = _asked(request)
    page = Paginator(rows.select_related("commune", "district"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "total": figures.total(rows),
        "tabs": tabs(request, "coverage"),
        "filters": place_filters(request),
        "page_url": f"?{without_page(request.GET)}&page=",
        "query": without_page(request.GET),
    }
    return render(request, "training/coverage.html", context)


def export(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    heads = [_("UAI"), _("École"), _("Commune"), _("Circonscription"), _("Formés"), _("Enseignants en poste")]
    rows = _asked(request).select_related("commune", "district")
    lines = ([row.uai, row.name, row.commune.name, row.district or "", row.trained, row.teachers] for row in rows)
    return csv_response("couverture-des-ecoles.csv", heads, lines)


def export_pdf(request: HttpRequest) -> HttpResponse:
    require(request, "training.view_sessions")
    rows = _asked(request)
    whole = figures.total(rows)
    people = _("Enseignants formés : %(n)s sur %(all)s en poste.")
    places = _("Écoles où quelqu’un est formé : %(n)s sur %(all)s.")
    paragraphs = [
        people % {"n": figure(whole.trained), "all": figure(whole.teachers)},
        places % {"n": figure(whole.schools_reached), "all": figure(whole.schools)},
    ]
    content = sheet_pdf(
        title=_("Couverture des écoles"),
        subtitle=_("Enseignants formés, au %(day)s") % {"day": day(timezone.localdate())},
        paragraphs=paragraphs,
        heads=[_("École"), _("Commune"), _("Formés"), _("En poste"), _("Part")],
        rows=[_cells(row) for row in rows.select_related("commune")],
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="couverture-des-ecoles.pdf"'
    return response


def _cells(row: Any) -> list[str]:
    posts = "–" if row.teachers is None else figure(row.teachers)
    part = share(row.counted, row.teachers) if row.teachers else "–"
    return [f"{row.name} ({row.uai})", row.commune.name, figure(row.trained), posts, part]


def _asked(request: HttpRequest) -> Any:
    rows = figures.known(figures.schools(request.user))
    if request.GET.get("departement") in Department.values:
        rows = rows.filter(commune__department_code=request.GET["departement"])
    if asked := request.GET.get("circonscription", "")[:8]:
        rows = rows.filter(district_id=asked)
    return rows.order_by("commune__sort_name", "sort_name", "uai")
