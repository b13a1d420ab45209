"""Who may do what with a notebook. Who may *see* one is told by the querysets."""

from typing import Any

from django.db.models import Q
from rules import predicate

from core.permissions import declare
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.progress_notebook.domains import GRADES
from tenant_apps.progress_notebook.querysets import followed_by
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
def follows_the_child(user: Any, observation: Any) -> bool:
    return followed_by(user).filter(pupil=observation.pupil_id).exists()


@predicate
def is_addressee(user: Any, edition: Any) -> bool:
    return edition.notebook.is_validated and Pupil.objects.informing(user).filter(pk=edition.pupil_id).exists()


@predicate
def has_children_of_cycle_1(user: Any, _obj: Any = None) -> bool:
    """In one's classes or in one's family. A page that has read the children or the classes says it on the account."""
    if hasattr(user, "has_children_of_cycle_1"):
        return bool(user.has_children_of_cycle_1)
    young = Enrollment.objects.on().filter(grade__in=GRADES)
    mine = Q(pk__in=young.of_family(user).values("pk"))
    return young.filter(mine | Q(school_class__in=SchoolClass.objects.families_open_to(user))).exists()


RIGHTS = declare(
    "progress_notebook",
    {
        "open_notebooks": has_children_of_cycle_1,
        "write_observations": knows_the_families,
        "change_observation": follows_the_child,
        "validate_notebooks": heads_the_school,
        "follow_signatures": knows_the_families,
        "manage_periods": heads_one,
        "sign_edition": is_addressee,
    },
)
