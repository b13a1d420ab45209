"""Writing what a plan of the académie's directory says: pupils, then their guardians, then the staff; the keys; who
exercises the parental authority.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from core.bulk import insert_values, update_values
from core.ids import uuid7
from tenant_apps.imports.apply_guardians import apply_guardians
from tenant_apps.imports.apply_pupils import apply_pupils
from tenant_apps.imports.apply_staff import apply_staff
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.covers import separate_siblings
from tenant_apps.people.models import Guardianship, Person, Pupil

Status = ImportLine.Status


def apply_feed(plan: ImportPlan, lines: Sequence[Line]) -> dict[str, int]:
    """`lines`: those to write, decisions taken."""
    kinds: dict[str, list[Line]] = {"onde_pupils": [], "onde_guardians": [], "teachers": []}
    for line in lines:
        kinds[line.data["kind"]].append(line)
    pupils, guardians, staff = kinds.values()
    written = apply_pupils(plan, pupils)
    _keep_keys(_people_of_pupils([*pupils, *_unchanged(plan, "onde_pupils")]))
    children = _pupils_by_key(guardians)
    for line in guardians:
        line.data["pupil_ids"] = [str(children[key]) for key in line.data["child_keys"] if key in children]
    adults = apply_guardians(plan, guardians)
    team = apply_staff(plan, staff)
    _keep_keys((x.match_id, x) for x in [*guardians, *_unchanged(plan, "onde_guardians")] if x.match_id)
    _keep_keys((x.match_id, x) for x in [*staff, *_unchanged(plan, "teachers")] if x.match_id)
    links = adults["links"] + _link_those_who_waited(plan, pupils)
    _write_authorities(plan)
    total = {name: written[name] + adults[name] + team[name] for name in ("created", "updated")}
    return written | total | {"links": links, "functions": team["functions"]}


def _unchanged(plan: ImportPlan, kind: str) -> list[Line]:
    """Recognised, with nothing to write but the key."""
    rows = plan.lines.filter(status=Status.UNCHANGED, is_applied=False, data__kind=kind)
    return [Line(number=row.number, data=row.data, match_id=row.match_id, pk=row.pk) for row in rows]


def _people_of_pupils(lines: list[Line]) -> Iterable[tuple[UUID, Line]]:
    pupils = {line.match_id: line for line in lines if line.match_id and line.data.get("key")}
    for pupil, person in Pupil.objects.filter(pk__in=pupils).values_list("pk", "person_id"):
        yield person, pupils[pupil]


def _keep_keys(found: Iterable[tuple[Any, Line]]) -> None:
    """The key that a person has stays; one that somebody else bears is given to nobody."""
    wanted = {person: line.data["key"] for person, line in found}
    taken = set(Person.objects.filter(aaf_key__in=wanted.values()).values_list("aaf_key", flat=True))
    free = Person.objects.filter(pk__in=wanted, aaf_key=None).values_list("pk", flat=True)
    update_values(Person, [{"id": pk, "aaf_key": wanted[pk]} for pk in free if wanted[pk] not in taken])


def _pupils_by_key(guardians: list[Line]) -> dict[str, UUID]:
    keys = {key for line in guardians for key in line.data["child_keys"]}
    return dict(Pupil.objects.filter(person__aaf_key__in=keys).values_list("person__aaf_key", "pk"))


def _link_those_who_waited(plan: ImportPlan, pupils: list[Line]) -> int:
    """A child who was to be decided, and is written after its guardians were."""
    late = {line.data["key"]: line.match_id for line in pupils if line.match_id and line.data.get("key")}
    if not plan.applied_at or not late:
        return 0
    rows = plan.lines.filter(data__kind="onde_guardians", is_applied=True).exclude(status=Status.REJECTED)
    wanted = [(late[key], row.data["key"]) for row in rows for key in row.data["child_keys"] if key in late]
    adults = dict(Person.objects.filter(aaf_key__in={key for _p, key in wanted}).values_list("aaf_key", "pk"))
    ids = list(late.values())
    known = set(Guardianship.objects.filter(pupil__in=ids).values_list("pupil_id", "guardian_id"))
    pairs = dict.fromkeys((pupil, adults[key]) for pupil, key in wanted if key in adults)
    rows_to_add = [
        {"id": uuid7(), "pupil_id": pupil, "guardian_id": adult, "contact_order": order}
        for order, (pupil, adult) in enumerate((pair for pair in pairs if pair not in known), start=1)
    ]
    insert_values(Guardianship, rows_to_add)
    separate_siblings(row["pupil_id"] for row in rows_to_add)
    return len(rows_to_add)


def _write_authorities(plan: ImportPlan) -> None:
    """Of the children of this plan, whoever has a key: as the directory says. Others are the head's matter."""
    rows = plan.lines.filter(data__kind="onde_pupils", data__has_key="authorities").values_list("data", flat=True)
    said = {data["key"]: set(data["authorities"]) for data in rows if data["authorities"] is not None}
    links = Guardianship.objects.current().filter(pupil__person__aaf_key__in=said, guardian__aaf_key__isnull=False)
    facts = links.values_list("pk", "pupil__person__aaf_key", "guardian__aaf_key", "has_parental_authority")
    wrong: dict[bool, list[UUID]] = {True: [], False: []}
    for pk, pupil, guardian, has_it in facts:
        if (guardian in said[pupil]) != has_it:
            wrong[not has_it].append(pk)
    for value, keys in wrong.items():
        if keys:
            now = timezone.now()
            Guardianship.objects.filter(pk__in=keys).update(has_parental_authority=value, updated_at=now)
