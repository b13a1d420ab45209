"""Rights on people. Who may *see* is told by the querysets; here, who may *change*."""

from typing import Any

from rules import always_deny, predicate

from core.permissions import declare
from tenant_apps.people.groups import PupilGroup
from tenant_apps.people.keepers import is_kept_by_the_town, keepers_of, taught_parents
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.roles import LEADING
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
def heads_a_childs_school(user: Any, person: Person) -> bool:
    """The adult answers for a child of a school one heads, or works there; or is a pupil of it."""
    mine = School.objects.headed_by(user)
    children = Guardianship.objects.current().of_classes(SchoolClass.objects.current().filter(school__in=mine))
    enrolled = Enrollment.objects.on().filter(pupil__person=person, school_class__school__in=mine)
    return children.filter(guardian=person).exists() or enrolled.exists()


@predicate
def is_oneself(user: Any, person: Person) -> bool:
    return person.account_id is not None and person.account_id == user.pk


@predicate
def works_elsewhere(_user: Any, person: Person) -> bool:
    """A colleague's or an agent's address is theirs to change, even when they are a parent too."""
    return person.assignments.on().exists()


@predicate
def serves_the_commune(user: Any, _obj: Any = None) -> bool:
    """An officer of the school service: keeps the town's services and their agents."""
    return StaffAssignment.objects.of(user).on().for_the_whole_commune().exists()


@predicate
def has_authority(user: Any, pupil: Any) -> bool:
    return Guardianship.objects.informed().of(user).filter(pupil=pupil).exists()


@predicate
def hands_over(user: Any, pupil: Any) -> bool:
    return Pupil.objects.collected_from(user).filter(pk=pupil.pk).exists()


@predicate
def is_a_guardian_only(user: Any, person: Person) -> bool:
    """With an account that is not one's own, and no function: seeing as a colleague would show what is theirs."""
    return has_an_account_of_another(user, person) and not person.assignments.on().exists()


@predicate
def informs_in_a_headed_school(user: Any, person: Person) -> bool:
    classes = SchoolClass.objects.current().filter(school__in=School.objects.headed_by(user))
    return Guardianship.objects.informed().of_classes(classes).filter(guardian=person).exists()


@predicate
def town_keeps_the_code(user: Any, person: Person) -> bool:
    return serves_the_commune(user) and is_kept_by_the_town(person)


@predicate
def reads_names(user: Any, school_class: SchoolClass) -> bool:
    return SchoolClass.objects.open_to(user).filter(pk=school_class.pk).exists()


@predicate
def knows_families(user: Any, school_class: SchoolClass) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=school_class.pk).exists()


def _leading(user: Any) -> Any:
    return StaffAssignment.objects.of(user).on().filter(role__in=LEADING)


@predicate
def leads_somewhere(user: Any, _obj: Any = None) -> bool:
    """Teaches, or heads a school. The links of many pages ask it: in a request, what one is there is known already."""
    standing = getattr(user, "standing", None)
    return bool(standing.relations & LEADING) if standing is not None else _leading(user).exists()


@predicate
def leads_in(user: Any, school: School) -> bool:
    return _leading(user).filter(school=school).exists()


@predicate
def keeps_group(user: Any, group: PupilGroup) -> bool:
    return PupilGroup.objects.kept_by(user).filter(pk=group.pk).exists()


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
        "manage_person": heads_a_childs_school & ~works_elsewhere | is_oneself,
        "manage_pickups": heads_pupils_school | has_authority,
        "view_pai": hands_over,
        "export_data": is_oneself,
        "view_as": is_a_guardian_only & informs_in_a_headed_school,
        "use_groups": leads_somewhere,
        "make_group": leads_in,
        "change_group": keeps_group,
        "manage_agents": serves_the_commune,
        # Heads come with the convention: not by a person here.
        "appoint": always_deny,
        "print_sheets": heads_school,
        "settle_duplicates": heads_one,
        "renew_code": has_an_account_of_another & (keeps_the_code | town_keeps_the_code | teaches_a_child_of),
    },
)
