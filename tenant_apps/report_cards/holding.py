"""What reports give to the person they are of, and what they forget with them."""

from typing import Any

from core.registry import Erased
from shared_apps.signatures.models import SignatureRequest
from tenant_apps.report_cards.models import ReportCard
from tenant_apps.report_cards.querysets import PURPOSE


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """What was validated: before, it is a teacher's draft."""
    reports = ReportCard.objects.validated().filter(pupil__person=person_id).order_by("period__starts_on", "pk")
    return {
        "livrets": list(
            reports.values("period__label", "period__year__label", "grade", "appreciation", "validated_at")
        ),
        "livrets_domaines": list(
            reports.exclude(results=None).values(
                "period__label", "results__domain", "results__position", "results__elements", "results__appreciation"
            )
        ),
    }


def erase(who: Erased) -> None:
    """A report says a child's difficulties: it goes with the child, and so does what was signed of it."""
    gone = ReportCard.objects.filter(pupil__in=who.pupils)
    SignatureRequest.objects.filter(purpose=PURPOSE, object_id__in=gone.values("pk")).delete()
    gone.delete()
