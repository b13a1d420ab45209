"""Writing what a plan of pupils says: set by set, however many children."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from core.ids import uuid7
from shared_apps.accounts.services import NewAccount, create_accounts
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.pupils import PERSON_FIELDS, PUPIL_FIELDS
from tenant_apps.people.models import Enrollment, Person, Pupil
from tenant_apps.schools.models import School, SchoolClass, SchoolYear

Status = ImportLine.Status
COVERS = 6


def apply_pupils(plan: ImportPlan) -> dict[str, int]:
    new, known = sort_lines(plan)
    classes = _classes(plan.school, [*new, *known])
    return {"created": _create(new, classes), "updated": _update(known, classes)}


def sort_lines(plan: ImportPlan) -> tuple[list[ImportLine], list[ImportLine]]:
    """(to create, to update), decisions included."""
    lines = list(plan.lines.filter(status__in=[Status.CREATED, Status.UPDATED, Status.TO_DECIDE]))
    new = [x for x in lines if x.status == Status.CREATED or x.decision == ImportLine.Decision.NEW]
    same = [x for x in lines if x.status == Status.UPDATED or x.decision == ImportLine.Decision.SAME]
    return new, same


def _classes(school: School, lines: Iterable[ImportLine]) -> dict[str, SchoolClass]:
    """The classes of the file, by label, in the current school year; those that lack are opened."""
    year = SchoolYear.objects.current().get()
    wanted = {line.data["class_label"]: line.data.get("onde_id", "") for line in lines}
    rows = [SchoolClass(school=school, year=year, label=label, onde_id=onde) for label, onde in sorted(wanted.items())]
    SchoolClass.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.label: row for row in SchoolClass.objects.filter(school=school, year=year, label__in=wanted)}


def _create(lines: list[ImportLine], classes: dict[str, SchoolClass]) -> int:
    accounts = create_accounts(
        NewAccount(line.data["first_name"], line.data["usage_name"] or line.data["birth_name"]) for line in lines
    )
    people = [_person(line.data, account) for line, account in zip(lines, accounts, strict=True)]
    Person.objects.bulk_create(people)
    covers = _Covers()
    pupils = [_pupil(line.data, person, covers) for line, person in zip(lines, people, strict=True)]
    Pupil.objects.bulk_create(pupils)
    Enrollment.objects.bulk_create(
        Enrollment(
            pupil=pupil,
            school_class=classes[line.data["class_label"]],
            grade=line.data["grade"],
            starts_on=timezone.localdate(),
        )
        for line, pupil in zip(lines, pupils, strict=True)
    )
    return len(lines)


def _person(data: dict[str, Any], account: Any) -> Person:
    person = Person(id=uuid7(), account=account, **{field: data[field] for field in PERSON_FIELDS})
    person.birth_date = date.fromisoformat(data["birth_date"])
    person.sort_name = person.make_sort_name()
    return person


def _pupil(data: dict[str, Any], person: Person, covers: "_Covers") -> Pupil:
    return Pupil(person=person, cover=covers.next_for(data), **{field: data[field] for field in PUPIL_FIELDS})


class _Covers:
    """Children of one home get different colours; homes begin anywhere."""

    def __init__(self) -> None:
        self.given: dict[tuple[str, str], int] = {}

    def next_for(self, data: dict[str, Any]) -> int:
        home = (data["address"], data["postal_code"])
        if not data["address"] or home not in self.given:
            self.given[home] = len(self.given) % COVERS
        else:
            self.given[home] = (self.given[home] + 1) % COVERS
        return self.given[home] + 1


def _update(lines: list[ImportLine], classes: dict[str, SchoolClass]) -> int:
    pupils = Pupil.objects.select_related("person").in_bulk([line.match_id for line in lines])
    moved: list[Enrollment] = []
    for line in lines:
        pupil = pupils[line.match_id]
        _set(pupil, line)
        if {"grade", "class_label"} & line.changes.keys():
            moved.append(
                Enrollment(
                    pupil=pupil,
                    school_class=classes[line.data["class_label"]],
                    grade=line.data["grade"],
                    starts_on=timezone.localdate(),
                )
            )
    now = timezone.now()
    for row in [*pupils.values(), *(pupil.person for pupil in pupils.values())]:
        row.updated_at = now
    Person.objects.bulk_update([p.person for p in pupils.values()], [*PERSON_FIELDS, "sort_name", "updated_at"])
    Pupil.objects.bulk_update(pupils.values(), [*PUPIL_FIELDS, "updated_at"])
    still = Enrollment.objects.filter(pupil__in=[e.pupil_id for e in moved], ends_on=None)
    still.update(ends_on=timezone.localdate(), updated_at=now)
    Enrollment.objects.bulk_create(moved)
    return len(lines)


def _set(pupil: Pupil, line: ImportLine) -> None:
    for field in line.changes:
        value = line.data.get(field)
        if field == "birth_date":
            pupil.person.birth_date = date.fromisoformat(value)
        elif field in PERSON_FIELDS:
            setattr(pupil.person, field, value)
        elif field in PUPIL_FIELDS:
            setattr(pupil, field, value)
    pupil.person.sort_name = pupil.person.make_sort_name()
