from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shared_apps.statistics.usage import charts, exports, perimeters
from shared_apps.statistics.usage.pages import PART_ROWS, Compared, UsagePage, month_options
from shared_apps.statistics.usage.perimeters import Level

PART_WORDS = {
    Level.DEPARTMENT: _("Départements"),
    Level.DISTRICT: _("Circonscriptions"),
    Level.COMMUNE: _("Communes"),
    Level.SCHOOL: _("Écoles"),
}
FILES = {
    "csv": ("text/csv; charset=utf-8", exports.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports.as_xlsx),
    "pdf": ("application/pdf", exports.as_pdf),
}
FILE_WORDS = {
    "xlsx": (_("Classeur (XLSX)"), _("une feuille par rubrique")),
    "csv": (_("Tableau (CSV)"), _("une ligne par nombre")),
    "pdf": (_("Document (PDF)"), _("à imprimer ou à joindre")),
    "dnma": (_("Dimensions du DNMA (CSV)"), _("école, profil, service")),
}


def usage(request: HttpRequest) -> HttpResponse:
    """The widest perimeter of this person."""
    _check(request)
    first = perimeters.first_of(request.user)
    if first is None:
        raise PermissionDenied
    return redirect(perimeters.url_of(*first))


def usage_of(request: HttpRequest, level: str, code: str) -> HttpResponse:
    page = _page(request, level, code)
    perimeter = page.perimeter
    context = {
        "page": page,
        "perimeter": perimeter,
        "part_tabs": _part_tabs(page),
        "parts": page.parts[:PART_ROWS],
        "parts_most": _most(page.parts),
        "month_options": month_options(page.months, page.month),
        "peers_most": _most(page.peers),
        "bars": charts.columns(page.months, page.month),
        "hours": charts.hours_of(page.sections),
        "files": _files(page, level, code),
        "page_url": _page_url(page),
        "up": _up(request, page),
        "previous": page.page - 1,
        "next": page.page + 1 if page.has_next else 0,
    }
    return render(request, "statistics/usage.html", context)


def usage_file(request: HttpRequest, level: str, code: str, kind: str) -> HttpResponse:
    page = _page(request, level, code)
    if kind == "dnma" and page.month:
        content = exports.dnma(exports.dnma_rows(request.user, page, page.month))
        return _attached(content, "text/csv; charset=utf-8", f"dnma-{code}-{page.month:%Y-%m}.csv")
    if kind not in FILES or page.month is None:
        raise Http404
    content_type, make = FILES[kind]
    return _attached(make(page), content_type, f"usage-{code}-{page.month:%Y-%m}.{kind}")


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("statistics.view_statistics"):
        raise PermissionDenied


def _page(request: HttpRequest, level: str, code: str) -> UsagePage:
    _check(request)
    perimeter = perimeters.find(request.user, level, code)
    if perimeter is None:
        raise Http404
    asked = request.GET
    number = asked.get("page", "")
    page = int(number) if number.isdecimal() and len(number) < 5 else 1
    part = perimeters.SLUGS.get(asked.get("par", ""), "")
    return UsagePage(request.user, perimeter, month=asked.get("mois", ""), part=part, page=page)


def _part_tabs(page: UsagePage) -> list[dict[str, Any]]:
    month = f"{page.month:%Y-%m}" if page.month else ""
    slugs = {level: slug for slug, level in perimeters.SLUGS.items()}
    return [
        {
            "label": str(PART_WORDS[part]),
            "url": f"?mois={month}&par={slugs[part]}#parts",
            "slug": slugs[part],
            "current": part == page.part,
        }
        for part in map(Level, page.perimeter.parts)
    ]


def _page_url(page: UsagePage) -> str:
    current = [tab["slug"] for tab in _part_tabs(page) if tab["current"]]
    return f"mois={page.month:%Y-%m}&par={current[0]}&page=" if page.month and current else ""


def _most(rows: list[Compared]) -> str:
    return str(max((int(row.visits_bar) for row in rows), default=0) or 1)


def _files(page: UsagePage, level: str, code: str) -> list[dict[str, str]]:
    month = f"{page.month:%Y-%m}" if page.month else ""
    return [
        {
            "label": str(label),
            "detail": str(detail),
            "url": f"{reverse('statistics:usage_file', args=[level, code, kind])}?mois={month}",
            "icon": "download-simple",
        }
        for kind, (label, detail) in FILE_WORDS.items()
    ]


def _up(request: HttpRequest, page: UsagePage) -> str:
    """One perimeter up, as far as this person sees."""
    first = perimeters.first_of(request.user)
    if first is None or (page.perimeter.level, page.perimeter.code) == first:
        return ""
    row = page.row
    if row is not None and page.perimeter.level == Level.SCHOOL and first[0] != Level.DISTRICT and row.insee:
        return perimeters.url_of(Level.COMMUNE, row.insee)
    if row is not None and page.perimeter.level in (Level.COMMUNE, Level.DISTRICT) and row.department:
        return perimeters.url_of(Level.DEPARTMENT, row.department)
    return perimeters.url_of(*first)


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
