"""The page as files: the same sections, the same hidden counts."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from core.csvs import csv_bytes, plain_cell
from core.words import day as in_words
from shared_apps.statistics.usage import words
from shared_apps.statistics.usage.models import UsageMonth
from shared_apps.statistics.usage.pages import UsagePage
from shared_apps.statistics.usage.perimeters import Level
from shared_apps.statistics.usage.report import Section
from shared_apps.statistics.usage.tally import parts, told

SOURCE = Path(__file__).parent.parent / "typst" / "usage.typ"
DNMA_HEADS = ("MOIS", "UAI", "PROFIL", "SERVICE", "TYPE", "OUTIL", "VISITES", "VISITEURS_JOURS")
TOOL = "ENT-école"
SHEET_NAME_MOST = 31  # characters


def sections(page: UsagePage) -> list[Section]:
    return [page.by_month, *page.sections]


def as_csv(page: UsagePage) -> bytes:
    lines: list[Any] = [(_("Périmètre"), _("Mois"), _("Rubrique"), _("Ligne"), _("Mesure"), _("Nombre"))]
    month = f"{page.month:%Y-%m}" if page.month else ""
    for section in sections(page):
        for row in section.rows:
            for measure, value in zip(section.columns[1:], (row.value, *row.extra), strict=True):
                lines.append((page.perimeter.name, month, section.title, row.label, measure, words.plain(value)))
    return csv_bytes(lines)


def as_xlsx(page: UsagePage) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for section in sections(page):
        sheet = book.create_sheet(section.title[:SHEET_NAME_MOST])
        sheet.append(list(section.columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in section.rows:
            sheet.append([plain_cell(row.label), *(words.plain(value) for value in (row.value, *row.extra))])
        sheet.column_dimensions["A"].width = 34
        sheet.freeze_panes = "B2"
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def as_pdf(page: UsagePage) -> bytes:
    document = {
        "title": _("L’usage de l’ENT"),
        "perimeter": page.perimeter.name,
        "month": words.month_name(page.month) if page.month else "",
        "made": _("Établi le %(day)s.") % {"day": in_words(timezone.localdate())},
        "note": _(
            "Une visite : une personne, pendant une demi-heure. "
            "Un visiteur revenu un autre jour est compté de nouveau. "
            "Un nombre inférieur à 5 est masqué, et celui qui le ferait retrouver."
        ),
        "sections": [_section(section) for section in sections(page)],
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def _section(section: Section) -> dict[str, Any]:
    rows = [[row.label, *(words.shown(value) for value in (row.value, *row.extra))] for row in section.rows]
    return {"title": section.title, "columns": list(section.columns), "rows": rows}


def dnma(rows: "QuerySet[UsageMonth]") -> bytes:
    """One line by month, school, profile and service: the dimensions of the national measure, computed at home."""
    return csv_bytes([DNMA_HEADS, *_dnma_lines(rows)])


def dnma_rows(user: Any, page: UsagePage, month: date) -> "QuerySet[UsageMonth]":
    rows = UsageMonth.objects.visible_to(user).filter(month=month)
    if page.perimeter.level == Level.SCHOOL:
        return rows.of(Level.SCHOOL, page.perimeter.code)
    return rows.children_of(page.perimeter.level, page.perimeter.code, Level.SCHOOL).order_by("code")


def _dnma_lines(rows: Iterable[UsageMonth]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        cells = told(row.cells)
        visits, visitors = parts(cells, "s"), parts(cells, "v")
        for key in sorted(visits):
            profile, _slash, service = key.partition("/")
            counts = (words.plain(visits[key]), words.plain(visitors.get(key)))
            name = words.DNMA_PROFILES.get(profile, words.OTHER)
            yield (f"{row.month:%Y-%m}", row.code, name, words.service(service), "NATIF", TOOL, *counts)
