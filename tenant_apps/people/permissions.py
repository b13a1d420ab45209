"""Rights on people. Who may *see* is told by the querysets; here, who may *change*."""

from typing import Any

from rules import always_deny, predicate

from core.permissions import declare
from tenant_apps.people.keepers import keepers_of, taught_parents
from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


def _heading(user: Any) -> Any:
    return StaffAssignment.objects.of(user).on().heading()


@predicate
def works_in(user: Any, school: School) -> bool:
    return School.objects.worked_in_by(user).filter(pk=school.pk).exists()


@predicate
def heads_school(user: Any, school: School | None) -> bool:
    return school is not None and _heading(user).filter(school=school).exists()


@predicate
def heads_one(user: Any, obj: Any) -> bool:
    return _heading(user).exists()


@predicate
def heads_pupils_school(user: Any, pupil: Any) -> bool:
    schools = pupil.enrollments.on().values("school_class__school")
    return _heading(user).filter(school__in=schools).exists()


@predicate
def reads_names(user: Any, school_class: SchoolClass) -> bool:
    return SchoolClass.objects.open_to(user).filter(pk=school_class.pk).exists()


@predicate
def knows_families(user: Any, school_class: SchoolClass) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=school_class.pk).exists()


@predicate
def has_an_account_of_another(user: Any, person: Person) -> bool:
    return person.account_id is not None and person.account_id != user.pk


@predicate
def keeps_the_code(user: Any, person: Person) -> bool:
    """Heads the school that gives this person's code (`keepers`)."""
    school = keepers_of([person.pk])[person.pk]
    return school is not None and _heading(user).filter(school=school).exists()


@predicate
def teaches_a_child_of(user: Any, person: Person) -> bool:
    return person.pk in taught_parents(user, [person.pk])


RIGHTS = declare(
    "people",
    {
        "view_school": works_in,
        "view_class": reads_names,
        "view_families": knows_families,
        "manage_school": heads_school,
        "manage_pupil": heads_pupils_school,
        "manage_staff": heads_school,
        # Heads come with the convention, the town's agents with the town's pages: not by a person here.
        "appoint": always_deny,
        "print_sheets": heads_school,
        "settle_duplicates": heads_one,
        "renew_code": has_an_account_of_another & (keeps_the_code | teaches_a_child_of),
    },
)
