"""Who may do what with homework. Who may *see* is told by the querysets."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.homework.querysets import learning
from tenant_apps.schools.models import School, SchoolClass


@predicate
def teaches_class(user: Any, school_class: Any) -> bool:
    """Substitutes within their dates included."""
    return SchoolClass.objects.taught_by(user).filter(pk=school_class.pk).exists()


@predicate
def heads_class(user: Any, school_class: Any) -> bool:
    return School.objects.headed_by(user).filter(pk=school_class.school_id).exists()


@predicate
def teaches(user: Any, homework: Any) -> bool:
    return SchoolClass.objects.taught_by(user).filter(pk=homework.school_class_id).exists()


@predicate
def follows(user: Any, homework: Any) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=homework.school_class_id).exists()


@predicate
def is_its_pupil(user: Any, homework: Any) -> bool:
    mine = learning(user).filter(pupil__person__account=user, school_class=homework.school_class_id)
    return (mine if homework.is_for_all else mine.filter(pupil__homework=homework)).exists()


RIGHTS = declare(
    "homework",
    {
        "write_homework": teaches_class,
        "change_homework": teaches,
        "follow_homework": follows,
        "visa_week": heads_class,
        "do_homework": is_its_pupil,
    },
)
