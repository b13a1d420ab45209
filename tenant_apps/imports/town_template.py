"""The list of the town's staff, to be filled in: the same columns in CSV and in XLSX, with an example to erase."""

import io
from collections.abc import Callable

from django.http import Http404
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.csvs import csv_bytes, plain_cell
from shared_apps.layouts.current import layouts
from tenant_apps.schools.models import School

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLE = {
    "civility": "Mme",
    "birth_name": "EXEMPLE",
    "first_name": "Camille",
    "role": "ATSEM",
    "email": "camille.exemple@example.org",
    "phone": "04 68 00 00 00",
    "starts_on": "01/09/2026",
}
WIDTH = 24


def town_staff(form: str) -> tuple[bytes, str]:
    """(content, type). Raises Http404 for another form."""
    if form not in WRITERS:
        raise Http404
    fields = layouts()["town_staff"].fields
    school = School.objects.order_by("name", "uai").first()
    example = EXAMPLE | {"school": school.name if school else ""}
    rows = [[field.label for field in fields], [example.get(field.name, "") for field in fields]]
    write, content_type = WRITERS[form]
    return write(rows), content_type


def _workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([plain_cell(cell) for cell in row])
    for column, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTH
        for below in range(2, 200):  # text, so that « 0468… » keeps its zero
            sheet.cell(below, column).number_format = "@"
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


WRITERS: dict[str, tuple[Callable[[list[list[str]]], bytes], str]] = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (_workbook, XLSX),
}
