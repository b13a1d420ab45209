"""Writing what a plan of guardians says."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from core.ids import uuid7
from core.text import fold
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, create_accounts
from tenant_apps.imports.apply_pupils import sort_lines
from tenant_apps.imports.guardians import CONTACT_FIELDS
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.models import Guardianship, Person


def apply_guardians(plan: ImportPlan) -> dict[str, int]:
    new, known = sort_lines(plan)
    adults = _create(new) | _update(known)
    return {"created": len(new), "updated": len(known), "links": _link([*new, *known], adults)}


def _create(lines: list[ImportLine]) -> dict[Any, Person]:
    """line id -> person. An adult written on two lines (same name, same way to reach them) is one person."""
    firsts: dict[Any, ImportLine] = {}
    for line in lines:
        firsts.setdefault(_identity(line.data), line)
    accounts = create_accounts(
        NewAccount(x.data["first_name"], x.data["usage_name"] or x.data["birth_name"], x.data["email"])
        for x in firsts.values()
    )
    people = {key: _person(x.data, account) for (key, x), account in zip(firsts.items(), accounts, strict=True)}
    Person.objects.bulk_create(people.values())
    return {line.pk: people[_identity(line.data)] for line in lines}


def _identity(data: dict[str, Any]) -> tuple[str, ...]:
    reach = data["email"] or data["phone"] or data["address"]
    return fold(data["birth_name"]), fold(data["first_name"]), reach


def _person(data: dict[str, Any], account: User) -> Person:
    facts = {field: data[field] for field in CONTACT_FIELDS}
    person = Person(id=uuid7(), account=account, birth_name=data["birth_name"], first_name=data["first_name"], **facts)
    person.sort_name = person.make_sort_name()
    return person


def _update(lines: list[ImportLine]) -> dict[Any, Person]:
    people = Person.objects.select_related("account").in_bulk([line.match_id for line in lines])
    for line in lines:
        person = people[line.match_id]
        for field in set(CONTACT_FIELDS) & line.changes.keys():
            setattr(person, field, line.data[field])
        person.sort_name, person.updated_at = person.make_sort_name(), timezone.now()
    Person.objects.bulk_update(people.values(), [*CONTACT_FIELDS, "sort_name", "updated_at"])
    return {line.pk: people[line.match_id] for line in lines}


def _link(lines: list[ImportLine], adults: dict[Any, Person]) -> int:
    """One guardianship for each child named, in the order of the file. ONDE doesn't tell the parental authority."""
    ids = {UUID(pk) for line in lines for pk in line.data["pupil_ids"]}
    order: dict[UUID, int] = dict.fromkeys(ids, 0)
    known = set()
    for pupil_id, guardian_id in Guardianship.objects.filter(pupil__in=ids).values_list("pupil_id", "guardian_id"):
        order[pupil_id] += 1
        known.add((pupil_id, guardian_id))
    rows = []
    for line in lines:
        for pupil_id in map(UUID, line.data["pupil_ids"]):
            key = (pupil_id, adults[line.pk].pk)
            if key not in known:
                known.add(key)
                order[pupil_id] += 1
                rows.append(Guardianship(pupil_id=pupil_id, guardian_id=key[1], contact_order=order[pupil_id]))
    Guardianship.objects.bulk_create(rows)
    return len(rows)
