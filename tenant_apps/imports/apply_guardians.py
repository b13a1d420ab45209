"""Writing what a plan of guardians says."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from core.bulk import insert
from core.ids import uuid7
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, create_accounts
from tenant_apps.imports.apply_pupils import recognised, sort_lines, touch, write_people
from tenant_apps.imports.guardians import CONTACT_FIELDS
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.covers import separate_siblings
from tenant_apps.people.models import Guardianship, Person


def apply_guardians(plan: ImportPlan, lines: Sequence[ImportLine]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    new, known = sort_lines(lines)
    joined = [x for x in lines if "same_as" in x.data and x.decision != ImportLine.Decision.NEW]
    apart = {x.pk for x in joined}
    people = _create([x for x in new if x.pk not in apart]) | _update([x for x in known if x.pk not in apart])
    _keep_whom_others_wait_for(plan, people, lines)
    by_number: dict[Any, Person] = {x.number: people[x.pk] for x in lines if x.pk in people}
    by_number |= _written_before(plan, joined, people)
    people |= {x.pk: by_number[x.data["same_as"]] for x in joined}
    return {"created": len(new), "updated": len(known), "links": _link(lines, people)}


def _create(lines: list[ImportLine]) -> dict[Any, Person]:
    """line id → person."""
    accounts = create_accounts(
        NewAccount(x.data["first_name"], x.data["usage_name"] or x.data["birth_name"], x.data["email"]) for x in lines
    )
    people = {x.pk: _person(x.data, account) for x, account in zip(lines, accounts, strict=True)}
    insert(Person, people.values())
    return people


def _person(data: dict[str, Any], account: User) -> Person:
    facts = {field: data[field] for field in CONTACT_FIELDS}
    person = Person(id=uuid7(), account=account, birth_name=data["birth_name"], first_name=data["first_name"], **facts)
    person.sort_name = person.make_sort_name()
    return person


def _update(lines: list[ImportLine]) -> dict[Any, Person]:
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


def _keep_whom_others_wait_for(plan: ImportPlan, people: dict[Any, Person], lines: Iterable[ImportLine]) -> None:
    """A line that waits for « the same as line 5 » will find, when it is decided, whom line 5 became."""
    waited_for = set(plan.lines.filter(data__has_key="same_as").values_list("data__same_as", flat=True))
    roots = [line for line in lines if line.number in waited_for and line.pk in people]
    for line in roots:
        line.match_id = people[line.pk].pk
    touch(ImportLine, roots, ["match_id"])


def _written_before(plan: ImportPlan, joined: list[ImportLine], people: dict[Any, Person]) -> dict[Any, Person]:
    numbers = {line.data["same_as"] for line in joined}
    rows = plan.lines.filter(number__in=numbers, is_applied=True).exclude(pk__in=people)
    ids = dict(rows.values_list("number", "match_id"))
    found = Person.objects.in_bulk(ids.values())
    return {number: found[pk] for number, pk in ids.items()}


def _link(lines: Sequence[ImportLine], people: dict[Any, Person]) -> int:
    """One guardianship for each child named, in the order of the file. ONDE doesn't tell the parental authority."""
    ids = {UUID(pk) for line in lines for pk in line.data["pupil_ids"]}
    order: dict[UUID, int] = dict.fromkeys(ids, 0)
    known = set()
    for pupil_id, guardian_id in Guardianship.objects.filter(pupil__in=ids).values_list("pupil_id", "guardian_id"):
        order[pupil_id] += 1
        known.add((pupil_id, guardian_id))
    rows = []
    for line in sorted(lines, key=lambda line: line.number or 0):
        for pupil_id in map(UUID, line.data["pupil_ids"]):
            key = (pupil_id, people[line.pk].pk)
            if key not in known:
                known.add(key)
                order[pupil_id] += 1
                rows.append(Guardianship(pupil_id=pupil_id, guardian_id=key[1], contact_order=order[pupil_id]))
    insert(Guardianship, rows)
    separate_siblings(row.pupil_id for row in rows)
    return len(rows)
