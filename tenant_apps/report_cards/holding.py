"""What reports give to the person they are of, and what they forget with them."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Erased, Work
from tenant_apps.report_cards import papers
from tenant_apps.report_cards.models import Edition, ReportCard
from tenant_apps.report_cards.services import SIGNED


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """What was validated, former versions included: the rest is a teacher's draft."""
    rows = _editions().filter(report__pupil__person=person_id).values("number", "content", "reason", "validated_at")
    return {
        "livrets": [
            {
                "period": row["content"]["period"],
                "year": row["content"]["year"],
                "grade": row["content"]["grade"],
                "version": row["number"],
                "reason": row["reason"],
                "appreciation": row["content"]["appreciation"],
                "validated_at": row["validated_at"],
            }
            for row in rows
        ],
        "livrets_domaines": [
            {"period": row["content"]["period"], "version": row["number"]} | result
            for row in rows
            for result in row["content"]["results"]
        ],
    }


def _editions() -> Any:
    return Edition.objects.order_by("report__period__starts_on", "report_id", "number")


def works(person_id: Any) -> Iterable[Work]:
    """The reports as the family reads them, on paper; the last version of each."""
    last: dict[Any, Edition] = {one.report_id: one for one in _editions().filter(report__pupil__person=person_id)}
    for edition in last.values():
        title = papers.title_of(edition.content)
        file = ("livret.pdf", papers.pdf_of([edition]))
        yield Work(title, timezone.localdate(edition.validated_at), edition.content["appreciation"], (file,))


def last_year(user: Any, enrollment: Any) -> list[dict[str, Any]]:
    reports = ReportCard.objects.visible_to(user).published().filter(pupil=enrollment.pupil_id)
    reports = reports.filter(period__year=enrollment.school_class.year_id).select_related("period")
    label = _("Livret scolaire, %(period)s")
    return [
        {"label": label % {"period": one.period}, "url": one.get_absolute_url(), "icon": "notebook", "detail": ""}
        for one in reports.order_by("period__starts_on", "pk")
    ]


def erase(who: Erased) -> None:
    """A report says a child's difficulties: it goes with the child, and so does what was signed of it."""
    gone = ReportCard.objects.filter(pupil__in=who.pupils)
    SIGNED.forget(Edition.objects.filter(report__in=gone))
    gone.delete()
