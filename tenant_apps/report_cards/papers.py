"""Reports on paper: one pupil's, or a class's, each on pages of its own."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import day
from tenant_apps.report_cards.contents import content_of, rows_of
from tenant_apps.report_cards.models import Edition, ReportCard

SOURCE = Path(__file__).parent / "typst" / "report.typ"


def title_of(content: dict[str, Any]) -> str:
    return _("Livret scolaire, %(period)s %(year)s") % {"period": content["period"], "year": content["year"]}


def pdf_of(reports: Iterable[Edition | ReportCard]) -> bytes:
    """What was validated as it was; what is still written says so."""
    pages = [_validated(one) if isinstance(one, Edition) else _written(one) for one in reports]
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(pages)})


def _validated(edition: Edition) -> dict[str, Any]:
    facts = {"day": day(timezone.localdate(edition.validated_at)), "n": edition.number, "digest": edition.digest[:16]}
    words = _("Validé le %(day)s, version %(n)s. Empreinte %(digest)s") % facts
    return _page(edition.content) | {"validated": words, "reason": edition.reason}


def _written(report: ReportCard) -> dict[str, Any]:
    return _page(content_of(report)) | {"validated": _("Non validé."), "reason": ""}


def _page(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title_of(content),
        "school": content["school"],
        "name": content["pupil"],
        "class": f"{content['class']} · {content['grade']}",
        "rows": rows_of(content),
        "appreciation": content["appreciation"],
    }
