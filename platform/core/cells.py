"""Cells of the files that we give: opened by a spreadsheet, a text that begins by « = » would be run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

# OWASP, « CSV Injection »: what spreadsheets take for the beginning of a formula, full-width forms included.
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: Any) -> Any:
    """The text with an apostrophe before it when it could be a formula. Figures stay figures."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u202f").startswith(BEGINNINGS):
        return f"'{value}"
    return value


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons, and a BOM without which spreadsheets misread accents. Each cell is made safe."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
