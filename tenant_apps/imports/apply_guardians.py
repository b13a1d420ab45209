"""Writing what a plan of guardians says."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.bulk import insert_values, update_values
from core.frozen import unprepared
from core.ids import uuid7_text
from core.many import many
from core.text import sort_key
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, insert_accounts
from tenant_apps.imports.apply_pupils import recognised, sort_lines, touch, write_people
from tenant_apps.imports.errors import StalePlan
from tenant_apps.imports.guardians import CONTACT_FIELDS
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.progress import step
from tenant_apps.people.covers import separate_siblings
from tenant_apps.people.models import Guardianship, Person

People = dict[Any, str]  # line's key → person's key, as text


def apply_guardians(plan: ImportPlan, lines: Sequence[Line]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    new, known = sort_lines(lines)
    joined = [x for x in lines if "same_as" in x.data and x.decision != ImportLine.Decision.NEW]
    apart = {x.pk for x in joined}
    people = _create([x for x in new if x.pk not in apart]) | _update([x for x in known if x.pk not in apart])
    _keep_whom_others_wait_for(plan, people, lines)
    by_number: dict[Any, str] = {x.number: people[x.pk] for x in lines if x.pk in people}
    by_number |= _written_before(plan, {x.data["same_as"] for x in joined} - by_number.keys())
    people |= {x.pk: by_number[x.data["same_as"]] for x in joined}
    for line in lines:
        line.match_id = UUID(people[line.pk])
    step("links")
    return {"created": len(new), "updated": len(known), "links": _link(lines, people)}


def _create(lines: list[Line]) -> People:
    step("accounts")
    accounts = insert_accounts(
        NewAccount(x.data["first_name"], x.data["usage_name"] or x.data["birth_name"], x.data["email"]) for x in lines
    )
    step("people")
    rows = [_person(x.data, account) for x, account in zip(lines, accounts, strict=True)]
    insert_values(Person, rows)
    return {x.pk: row["id"] for x, row in zip(lines, rows, strict=True)}


def _person(data: dict[str, Any], account_id: str) -> dict[str, Any]:
    facts = {field: data[field] for field in (*CONTACT_FIELDS, "birth_name", "first_name")}
    name = sort_key(data["usage_name"] or data["birth_name"], data["first_name"])
    return {"id": uuid7_text(), "account_id": account_id, "sort_name": name, **facts}


def _update(lines: list[Line]) -> People:
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
    return {line.pk: str(line.match_id) for line in lines}


def _keep_whom_others_wait_for(plan: ImportPlan, people: People, lines: Iterable[Line]) -> None:
    """A line that waits for « the same as line 5 » will find, when it is decided, whom line 5 became."""
    waited_for = set(_numbers_waited_for(plan))
    if waited_for:
        roots = [line for line in lines if line.number in waited_for and line.pk in people]
        update_values(ImportLine, [{"id": line.pk, "match_id": people[line.pk]} for line in roots])


@unprepared
def _numbers_waited_for(plan: ImportPlan) -> QuerySet:
    rows = ImportLine.objects.undecided().filter(plan=plan, data__has_key="same_as").order_by()
    return rows.values_list("data__same_as", flat=True)


def _written_before(plan: ImportPlan, numbers: set[int]) -> dict[Any, str]:
    """Lines applied another day: number → person."""
    if not numbers:
        return {}
    rows = plan.lines.filter(number__in=numbers, is_applied=True)
    found = dict(rows.values_list("number", "match_id"))
    if Person.objects.filter(pk__in=found.values()).count() != len(set(found.values())):
        raise StalePlan
    return {number: str(pk) for number, pk in found.items()}


def _link(lines: Sequence[Line], people: People) -> int:
    """One guardianship for each child named, in the order of the file. ONDE doesn't tell the parental authority."""
    order: dict[str, int] = {pk: 0 for line in lines for pk in line.data["pupil_ids"]}
    known = set()
    for pupil_id, guardian_id in _links_of(many(order)):
        order[str(pupil_id)] += 1
        known.add((str(pupil_id), str(guardian_id)))
    rows = []
    for line in sorted(lines, key=lambda line: line.number or 0):
        for pupil_id in line.data["pupil_ids"]:
            key = (pupil_id, people[line.pk])
            if key not in known:
                known.add(key)
                order[pupil_id] += 1
                rows.append(
                    {"id": uuid7_text(), "pupil_id": pupil_id, "guardian_id": key[1], "contact_order": order[pupil_id]}
                )
    insert_values(Guardianship, rows)
    separate_siblings(UUID(row["pupil_id"]) for row in rows)
    return len(rows)


@unprepared
def _links_of(pupils: str) -> QuerySet:
    return Guardianship.objects.filter(pupil__many=pupils).order_by().values_list("pupil_id", "guardian_id")
