"""Who may do what with homework. Who may *see* is told by the querysets."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.homework.querysets import concerned, groups_kept_by, learning
from tenant_apps.people.models import PupilGroup
from tenant_apps.schools.models import School, SchoolClass


@predicate
def teaches_there(user: Any, place: Any) -> bool:
    """A class: its teachers, substitutes within their dates included. A group that lasts: who is in charge of it."""
    lasting = PupilGroup.objects.on().led_by(user)
    mine = lasting if isinstance(place, PupilGroup) else SchoolClass.objects.taught_by(user)
    return mine.filter(pk=place.pk).exists()


@predicate
def heads_there(user: Any, place: Any) -> bool:
    return School.objects.headed_by(user).filter(pk=place.school_id).exists()


@predicate
def teaches(user: Any, homework: Any) -> bool:
    return teaches_there(user, homework.place)


@predicate
def follows(user: Any, homework: Any) -> bool:
    """Of what a group gives, the teachers of a child's class follow that child (`views.follow`)."""
    families = SchoolClass.objects.families_open_to(user)
    if homework.group_id is None:
        return families.filter(pk=homework.school_class_id).exists()
    kept = groups_kept_by(user).filter(pk=homework.group_id)
    return kept.exists() or concerned(homework).filter(school_class__in=families).exists()


@predicate
def is_its_pupil(user: Any, homework: Any) -> bool:
    return concerned(homework).filter(pk__in=learning(user).filter(pupil__person__account=user).values("pk")).exists()


RIGHTS = declare(
    "homework",
    {
        "write_homework": teaches_there,
        "change_homework": teaches,
        "follow_homework": follows,
        "visa_week": heads_there,
        "do_homework": is_its_pupil,
    },
)
