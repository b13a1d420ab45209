"""Writing what a plan of pupils says: set by set, however many children."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone

from core.bulk import insert_values, update_values
from core.frozen import unprepared
from core.ids import uuid7_text
from core.text import fold, sort_key
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, insert_accounts
from tenant_apps.imports.classes import ClassBook
from tenant_apps.imports.departures import leave
from tenant_apps.imports.errors import StalePlan
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.progress import step
from tenant_apps.imports.pupils import named_class
from tenant_apps.imports.register import PERSON_FIELDS, PUPIL_FIELDS
from tenant_apps.people.covers import COVERS, free_cover
from tenant_apps.people.models import Enrollment, Person, Pupil

Status, Decision = ImportLine.Status, ImportLine.Decision
NAMES = {"birth_name", "usage_name", "first_name"}


def apply_pupils(plan: ImportPlan, lines: Sequence[Line]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    new, known = sort_lines(lines)
    named = {named_class(line.data) for line in [*new, *known]} | set(_unchanged_classes(plan))
    book = ClassBook(plan.school, named)
    book.write()
    created, moved = _create(new), _update(known)
    step("classes")
    _enrol(created + moved, book, new_ones=len(created))
    gone = leave(plan.school, [line for line in lines if line.decision == Decision.GONE])
    return {"created": len(new), "updated": len(known), "moved": len(moved), "left": gone}


@unprepared
def _unchanged_classes(plan: ImportPlan) -> QuerySet:
    """(label, ONDE's id) of the classes of those whom the file leaves as they are."""
    rows = ImportLine.objects.filter(plan=plan, status=Status.UNCHANGED, is_applied=False, data__has_key="class_label")
    return rows.order_by().values_list("data__class_label", "data__onde_id").distinct()


def sort_lines(lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """(to create, to change), decisions included."""
    lines = list(lines)
    new = [x for x in lines if x.status == Status.CREATED or x.decision == Decision.NEW]
    same = [x for x in lines if x.status == Status.UPDATED or x.decision == Decision.SAME]
    return new, same


def _create(lines: list[Line]) -> list[tuple[Any, Line]]:
    """(pupil's key, line)."""
    step("accounts")
    accounts = insert_accounts(
        NewAccount(line.data["first_name"], line.data["usage_name"] or line.data["birth_name"]) for line in lines
    )
    step("people")
    people = [_person(line.data, account) for line, account in zip(lines, accounts, strict=True)]
    insert_values(Person, people)
    homes = _Homes(people)
    pupils = [
        {"id": uuid7_text(), "person_id": person["id"], "cover": homes.free_cover(person), **_facts(line.data)}
        for line, person in zip(lines, people, strict=True)
    ]
    insert_values(Pupil, pupils)
    for pupil, line in zip(pupils, lines, strict=True):
        line.match_id = UUID(pupil["id"])
    return [(pupil["id"], line) for pupil, line in zip(pupils, lines, strict=True)]


def _person(data: dict[str, Any], account_id: str) -> dict[str, Any]:
    facts = {field: data[field] for field in PERSON_FIELDS}
    name = sort_key(data["usage_name"] or data["birth_name"], data["first_name"])
    return {"id": uuid7_text(), "account_id": account_id, "sort_name": name, **facts}


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    return {field: data[field] for field in PUPIL_FIELDS}


class _Homes:
    """Children of one address get different covers, those already known included; homes begin anywhere. Families that
    live in two homes are told apart when their adults come.
    """

    def __init__(self, people: list[dict[str, Any]]) -> None:
        addresses = {person["address"] for person in people if person["address"]}
        self.covers: dict[tuple[str, str], list[int]] = {}
        rows = Pupil.objects.filter(person__address__in=addresses).order_by()  # no index: PostgreSQL hashes a list
        for address, code, cover in rows.values_list("person__address", "person__postal_code", "cover"):
            self.covers.setdefault((fold(address), code), []).append(cover)
        self.begun = 0

    def free_cover(self, person: dict[str, Any]) -> int:
        home = (fold(person["address"]), person["postal_code"]) if person["address"] else (str(person["id"]), "")
        taken = self.covers.setdefault(home, [])
        if not taken:
            self.begun += 1
        taken.append(free_cover(taken, seed=self.begun % len(COVERS)))
        return taken[-1]


def _update(lines: list[Line]) -> list[tuple[Any, Line]]:
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
            moved.append((pupil.pk, line))
        if fields & set(PUPIL_FIELDS) or pupil.withdrawn_on is not None:
            pupil.withdrawn_on = None
            changed.append(pupil)
    write_people(((pupils[line.match_id].person, line.changes) for line in lines), PERSON_FIELDS)
    touch(Pupil, changed, [*PUPIL_FIELDS, "withdrawn_on"])
    return moved


def recognised(rows: QuerySet, lines: Iterable[Line]) -> dict[Any, Any]:
    """Raises StalePlan when one is there no more."""
    wanted = {line.match_id for line in lines}
    found = rows.in_bulk(wanted) if wanted else {}
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
    found = {row.pk: {"id": row.pk} | {field: getattr(row, field) for field in fields} for row in rows}
    update_values(model, list(found.values()))


def _enrol(children: list[tuple[Any, Line]], book: ClassBook, *, new_ones: int) -> None:
    """From today; an enrolment that would last no day leaves no trace. The `new_ones` come first, and have none."""
    today = timezone.localdate()
    moved = [pk for pk, _line in children[new_ones:]]
    if moved:
        still = Enrollment.objects.filter(pupil__in=moved, ends_on=None)
        still.filter(starts_on__lt=today).update(ends_on=today, updated_at=timezone.now())
        still.delete()
    classes = {named: book.find(*named) for named in {named_class(line.data) for _pk, line in children}}
    insert_values(Enrollment, [_enrollment(pk, line, classes, today) for pk, line in children])


def _enrollment(pupil_id: Any, line: Line, classes: dict[Any, Any], today: date) -> dict[str, Any]:
    return {
        "id": uuid7_text(),
        "pupil_id": pupil_id,
        "school_class_id": classes[named_class(line.data)].pk,
        "grade": line.data["grade"],
        "starts_on": today,
    }
