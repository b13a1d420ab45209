"""Writing what a plan of pupils says: set by set, however many children."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from core.bulk import insert
from core.ids import uuid7
from core.text import fold
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, create_accounts
from tenant_apps.imports.classes import ClassBook
from tenant_apps.imports.errors import StalePlan
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.pupils import named_class
from tenant_apps.imports.register import PERSON_FIELDS, PUPIL_FIELDS
from tenant_apps.people.covers import COVERS, free_cover
from tenant_apps.people.models import Enrollment, Person, Pupil

Status = ImportLine.Status
NAMES = {"birth_name", "usage_name", "first_name"}


def apply_pupils(plan: ImportPlan, lines: Sequence[ImportLine]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    new, known = sort_lines(lines)
    book = ClassBook(plan.school, plan.lines.named_classes())
    book.write()
    created, moved = _create(new), _update(known)
    _enrol([(pupil, line) for pupil, line in created] + moved, book)
    return {"created": len(new), "updated": len(known), "moved": len(moved)}


def sort_lines(lines: Iterable[ImportLine]) -> tuple[list[ImportLine], list[ImportLine]]:
    """(to create, to change), decisions included."""
    lines = list(lines)
    new = [x for x in lines if x.status == Status.CREATED or x.decision == ImportLine.Decision.NEW]
    same = [x for x in lines if x.status == Status.UPDATED or x.decision == ImportLine.Decision.SAME]
    return new, same


def _create(lines: list[ImportLine]) -> list[tuple[Pupil, ImportLine]]:
    accounts = create_accounts(
        NewAccount(line.data["first_name"], line.data["usage_name"] or line.data["birth_name"]) for line in lines
    )
    people = [_person(line.data, account) for line, account in zip(lines, accounts, strict=True)]
    insert(Person, people)
    homes = _Homes(people)
    pupils = [
        Pupil(id=uuid7(), person=person, cover=homes.free_cover(person), **_facts(line.data))
        for line, person in zip(lines, people, strict=True)
    ]
    insert(Pupil, pupils)
    return list(zip(pupils, lines, strict=True))


def _person(data: dict[str, Any], account: User) -> Person:
    person = Person(id=uuid7(), account=account, **{field: data[field] for field in PERSON_FIELDS})
    person.birth_date = date.fromisoformat(data["birth_date"])
    person.sort_name = person.make_sort_name()
    return person


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    return {field: data[field] for field in PUPIL_FIELDS}


class _Homes:
    """Children of one address get different covers, those already known included; homes begin anywhere. Families that
    live in two homes are told apart when their adults come.
    """

    def __init__(self, people: list[Person]) -> None:
        addresses = {person.address for person in people if person.address}
        rows = Pupil.objects.filter(person__address__in=addresses)
        self.covers: dict[tuple[str, str], list[int]] = {}
        for address, code, cover in rows.values_list("person__address", "person__postal_code", "cover"):
            self.covers.setdefault((fold(address), code), []).append(cover)
        self.begun = 0

    def free_cover(self, person: Person) -> int:
        home = (fold(person.address), person.postal_code) if person.address else (str(person.pk), "")
        taken = self.covers.setdefault(home, [])
        if not taken:
            self.begun += 1
        taken.append(free_cover(taken, seed=self.begun % len(COVERS)))
        return taken[-1]


def _update(lines: list[ImportLine]) -> list[tuple[Pupil, ImportLine]]:
    """Write what changed; returns those whose class or grade changes."""
    pupils = recognised(Pupil.objects.select_related("person__account"), lines)
    moved, changed = [], []
    for line in lines:
        pupil, fields = pupils[line.match_id], line.changes.keys()
        for field in fields & {*PERSON_FIELDS, *PUPIL_FIELDS}:
            value = line.data[field]
            owner = pupil.person if field in PERSON_FIELDS else pupil
            setattr(owner, field, date.fromisoformat(value) if field == "birth_date" else value)
        if fields & {"grade", "class_label"}:
            moved.append((pupil, line))
        if fields & set(PUPIL_FIELDS) or pupil.withdrawn_on is not None:
            pupil.withdrawn_on = None
            changed.append(pupil)
    write_people(((pupils[line.match_id].person, line.changes) for line in lines), PERSON_FIELDS)
    touch(Pupil, changed, [*PUPIL_FIELDS, "withdrawn_on"])
    return moved


def recognised(rows: QuerySet, lines: Iterable[ImportLine]) -> dict[Any, Any]:
    """Raises StalePlan when one is there no more."""
    wanted = {line.match_id for line in lines}
    found = rows.in_bulk(wanted)
    if found.keys() != wanted:
        raise StalePlan
    return found


def write_people(changed: Iterable[tuple[Person, dict[str, Any]]], fields: Iterable[str]) -> None:
    """Only the rows and the columns that change; a change of name reaches the account's."""
    pairs = [(person, changes.keys() & set(fields)) for person, changes in changed]
    columns = {field for _person, found in pairs for field in found}
    renamed = [person for person, found in pairs if found & NAMES]
    for person in renamed:
        person.sort_name = person.make_sort_name()
    touch(Person, [person for person, found in pairs if found], [*sorted(columns), "sort_name"])
    accounts = [person.account for person in renamed if person.account is not None]
    for person in renamed:
        if person.account is not None:
            person.account.first_name, person.account.last_name = person.first_name, person.last_name
    touch(User, accounts, ["first_name", "last_name"])


def touch(model: type[Model], rows: Iterable[Any], fields: list[str]) -> None:
    rows = list({row.pk: row for row in rows}.values())
    now = timezone.now()
    for row in rows:
        row.updated_at = now
    if rows:
        model._default_manager.bulk_update(rows, [*fields, "updated_at"], batch_size=500)


def _enrol(children: list[tuple[Pupil, ImportLine]], book: ClassBook) -> None:
    """From today; an enrolment that would last no day leaves no trace."""
    today = timezone.localdate()
    still = Enrollment.objects.filter(pupil__in=[pupil.pk for pupil, _line in children], ends_on=None)
    still.filter(starts_on__lt=today).update(ends_on=today, updated_at=timezone.now())
    still.delete()
    rows = [
        Enrollment(
            pupil=pupil,
            school_class=book.find(*named_class(line.data)),
            grade=line.data["grade"],
            starts_on=today,
        )
        for pupil, line in children
    ]
    insert(Enrollment, rows)
