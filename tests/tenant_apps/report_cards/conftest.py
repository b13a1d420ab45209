from datetime import date

import pytest

from tenant_apps.report_cards.domains import domains_of
from tenant_apps.report_cards.models import DomainResult, ReportCard, ReportPeriod


@pytest.fixture
def period(room):
    facts = {"school": room.school, "year": room.school_class.year, "label": "1er trimestre"}
    return ReportPeriod.objects.create(starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 1), **facts)


def filled(room, period, child: str) -> ReportCard:
    """Complete, as the pages leave it."""
    facts = {"pupil": room.pupils[child], "school_class": room.school_class, "grade": "CE2"}
    report = ReportCard.objects.create(period=period, appreciation="Bon trimestre", **facts)
    for domain in domains_of("CE2"):
        DomainResult.objects.create(report=report, domain=domain, position=3)
    return report
