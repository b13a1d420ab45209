"""Writing what a plan of teachers or of the town's staff says."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.bulk import insert
from core.ids import uuid7
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, create_accounts
from tenant_apps.imports.apply_pupils import recognised, sort_lines, touch, write_people
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.staff import CONTACT_FIELDS, key_of, not_ended
from tenant_apps.people.models import Person, StaffAssignment


def apply_staff(plan: ImportPlan, lines: Sequence[Line]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    new, known = sort_lines(lines)
    roots = {line.number for line in new if "same_as" not in line.data}
    alone = [line for line in new if line.data.get("same_as") not in roots]
    people = _create(alone) | _update(known)
    by_number: dict[Any, Person] = {line.number: people[line.pk] for line in alone}
    people |= {line.pk: by_number[line.data["same_as"]] for line in new if line.pk not in people}
    for line in lines:
        line.match_id = people[line.pk].pk
    return {"created": len(alone), "updated": len(known), "functions": _assign(lines, people)}


def _create(lines: list[Line]) -> dict[Any, Person]:
    """line id → person."""
    accounts = create_accounts(
        NewAccount(x.data["first_name"], x.data["usage_name"] or x.data["birth_name"], x.data["email"]) for x in lines
    )
    people = {x.pk: _person(x.data, account) for x, account in zip(lines, accounts, strict=True)}
    insert(Person, people.values())
    return people


def _person(data: dict[str, Any], account: User) -> Person:
    facts = {field: data.get(field) or "" for field in CONTACT_FIELDS}
    person = Person(id=uuid7(), account=account, birth_name=data["birth_name"], first_name=data["first_name"], **facts)
    person.sort_name = person.make_sort_name()
    return person


def _update(lines: list[Line]) -> dict[Any, Person]:
    people = recognised(Person.objects.select_related("account"), lines)
    mailed = []
    for line in lines:
        person = people[line.match_id]
        for field in line.changes.keys() & set(CONTACT_FIELDS):
            setattr(person, field, line.data[field])
        # An account that was activated has the address its owner gave.
        if "email" in line.changes and person.account is not None and person.account.activated_at is None:
            person.account.email = person.email
            mailed.append(person.account)
    write_people(((people[line.match_id], line.changes) for line in lines), CONTACT_FIELDS)
    touch(User, mailed, ["email"])
    return {line.pk: people[line.match_id] for line in lines}


def _assign(lines: Sequence[Line], people: dict[Any, Person]) -> int:
    """The functions that lack, from today or from the day told; an end that the file tells is written."""
    held = {
        (assignment.person_id, *key_of(assignment)): assignment
        for assignment in StaffAssignment.objects.filter(
            not_ended(), person__in={person.pk for person in people.values()}
        )
    }
    rows, ended = [], []
    for line in lines:
        starts_on, ends_on = _day(line, "starts_on") or timezone.localdate(), _day(line, "ends_on")
        for role, school, school_class, _words in line.data["posts"]:
            key = (people[line.pk].pk, role, school, school_class)
            if key not in held:
                held[key] = _assignment(key, starts_on, ends_on)
                rows.append(held[key])
            elif ends_on is not None and held[key].ends_on != ends_on:
                held[key].ends_on = ends_on
                ended.append(held[key])
    insert(StaffAssignment, rows)
    touch(StaffAssignment, [row for row in ended if row not in rows], ["ends_on"])
    return len(rows)


def _assignment(key: tuple[UUID, str, str, str], starts_on: date, ends_on: date | None) -> StaffAssignment:
    person, role, school, school_class = key
    return StaffAssignment(
        person_id=person,
        role=role,
        school_id=UUID(school) if school else None,
        school_class_id=UUID(school_class) if school_class else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _day(line: Line, field: str) -> date | None:
    value = line.data.get(field)
    return date.fromisoformat(value) if value else None
