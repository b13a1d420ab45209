"""Who may do what with a report. Who may *see* one is told by the querysets."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import Pupil
from tenant_apps.schools.models import School, SchoolClass


@predicate
def knows_the_families(user: Any, school_class: Any) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=school_class.pk).exists()


@predicate
def heads_the_school(user: Any, school_class: Any) -> bool:
    return School.objects.headed_by(user).filter(pk=school_class.school_id).exists()


@predicate
def heads_one(user: Any, _obj: Any = None) -> bool:
    return School.objects.headed_by(user).exists()


@predicate
def is_addressee(user: Any, report: Any) -> bool:
    return report.is_validated and Pupil.objects.informing(user).filter(pk=report.pupil_id).exists()


RIGHTS = declare(
    "report_cards",
    {
        "write_reports": knows_the_families,
        "validate_reports": heads_the_school,
        "follow_signatures": knows_the_families,
        "manage_periods": heads_one,
        "sign_report": is_addressee,
    },
)
