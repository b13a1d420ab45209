"""The report of a pupil, as it is printed."""

import json
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import day
from tenant_apps.report_cards.models import ReportCard

SOURCE = Path(__file__).parent / "typst" / "report.typ"


def report_pdf(report: ReportCard) -> bytes:
    validated = day(timezone.localdate(report.validated_at)) if report.validated_at else ""
    document = {
        "title": _("Livret scolaire, %(period)s %(year)s")
        % {"period": report.period.label, "year": report.period.year.label},
        "school": str(report.school_class.school),
        "name": report.pupil.person.full_name,
        "class": f"{report.school_class.label} · {report.get_grade_display()}",
        "rows": [
            [str(name), one.elements, one.get_position_display() or "–", one.appreciation] for name, one in report.lines
        ],
        "appreciation": report.appreciation,
        "validated": _("Validé le %(day)s.") % {"day": validated} if validated else _("Non validé."),
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})
