"""What a report says, in words and figures: what its page and its paper show, and what is kept when it is validated."""

from typing import Any

from django.utils.translation import gettext as _

from tenant_apps.report_cards.domains import PARTS
from tenant_apps.report_cards.models import DomainResult, ReportCard


def content_of(report: ReportCard) -> dict[str, Any]:
    return {
        "pupil": report.pupil.person.full_name,
        "school": str(report.school_class.school),
        "class": report.school_class.label,
        "grade": str(report.get_grade_display()),
        "period": report.period.label,
        "year": report.period.year.label,
        "results": [_said(one) for one in report.lines],
        "appreciation": report.appreciation,
    }


def _said(one: DomainResult) -> dict[str, Any]:
    return {
        "code": one.domain,
        "domain": str(one.get_domain_display()),
        "position": one.position,
        "parts": [[name, one.parts[code]] for code, name in PARTS.get(one.domain, {}).items() if code in one.parts],
        "elements": one.elements,
        "appreciation": one.appreciation,
    }


def rows_of(content: dict[str, Any]) -> list[list[str]]:
    """Domain, what was worked on, positions, appreciation: as they are read."""
    return [[one["domain"], one["elements"], _positions(one), one["appreciation"]] for one in content["results"]]


def _positions(result: dict[str, Any]) -> str:
    lines = [
        _("%(name)s : %(position)s") % {"name": name, "position": _label(at)} for name, at in result.get("parts", ())
    ]
    return "\n".join([_label(result["position"]), *lines])


def _label(position: int | None) -> str:
    return str(DomainResult.Position(position).label) if position else "–"
