"""The figures on paper, set by typst. Every word is passed as data."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from core.words import figure, share
from shared_apps.statistics.adoption import Standing

SOURCE = Path(__file__).parent / "typst" / "figures.typ"


def sheet_pdf(
    *, title: str, subtitle: str, paragraphs: Sequence[str], heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    document = {
        "title": title,
        "subtitle": subtitle,
        "paragraphs": [str(words) for words in paragraphs],
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "source": _("Académie de Montpellier · ENT-école"),
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def heads(first: str) -> list[str]:
    return [first, _("Communes"), _("Part"), _("Écoles"), _("Part"), _("Élèves")]


def cells(row: Standing) -> list[Any]:
    return [
        row.name,
        f"{figure(row.communes_joined)} / {figure(row.communes)}",
        share(row.communes_joined, row.communes),
        f"{figure(row.schools_joined)} / {figure(row.schools)}",
        share(row.schools_joined, row.schools),
        figure(row.pupils_joined),
    ]
