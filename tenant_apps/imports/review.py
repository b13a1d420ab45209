"""How a plan is shown: counts to open, changes before and after, two records side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy

from core.errors import DomainError
from core.words import dated
from tenant_apps.imports import guardians, kinds, pupils, staff
from tenant_apps.imports.errors import MissingColumn
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.progress import STEPS, seen
from tenant_apps.imports.values import humane
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment

Status, Kind = ImportLine.Status, ImportPlan.Kind
LABELS: dict[str, dict[str, Any]] = {
    Kind.ONDE_PUPILS: pupils.LABELS,
    Kind.ONDE_GUARDIANS: guardians.LABELS,
    Kind.TEACHERS: staff.LABELS,
    Kind.TOWN_STAFF: staff.LABELS,
    Kind.AAF: pupils.LABELS | guardians.LABELS | staff.LABELS | {"authorities": lazy("autorité parentale")},
}
BEFORE = {
    Status.TO_DECIDE: lazy("à décider"),
    Status.CREATED: lazy("à créer"),
    Status.UPDATED: lazy("à modifier"),
    Status.UNCHANGED: ngettext_lazy("inchangé", "inchangés", "count"),
    Status.REJECTED: ngettext_lazy("ligne refusée", "lignes refusées", "count"),
    Status.LEFT: ngettext_lazy("absent du fichier", "absents du fichier", "count"),
}
AFTER = BEFORE | {
    Status.TO_DECIDE: ngettext_lazy("décidé à la main", "décidés à la main", "count"),
    Status.CREATED: ngettext_lazy("créé", "créés", "count"),
    Status.UPDATED: ngettext_lazy("modifié", "modifiés", "count"),
}
STALLED = 60  # seconds without a word
HIDDEN_WHEN_NONE = {Status.REJECTED, Status.LEFT}
COMPARED = {
    Kind.ONDE_PUPILS: ("birth_date", "ine", "class_label", "guardians", "address"),
    Kind.ONDE_GUARDIANS: ("email", "phone", "address", "children"),
    Kind.TEACHERS: ("email", "functions"),
    Kind.TOWN_STAFF: ("email", "phone", "functions"),
}


def to_associate(refusal: DomainError) -> list[dict[str, Any]]:
    """The columns that nobody knows, each with the fields that a person may associate it to."""
    if not isinstance(refusal, MissingColumn):
        return []
    fields = kinds.associations(refusal.kind)
    return [{"header": header, "key": kinds.clean_key(header), "fields": fields} for header in refusal.unknown[:40]]


def tabs(plan: ImportPlan, shown: str, waiting: int) -> list[dict[str, Any]]:
    words = BEFORE if plan.is_open and not plan.applied_at else AFTER
    if waiting:
        words = words | {Status.TO_DECIDE: BEFORE[Status.TO_DECIDE]}
    return [
        {
            "value": (n := plan.counts.get(status, 0)),
            "label": word % {"count": n},
            "url": f"?voir={status}",
            "current": status == shown,
            "urgent": status == Status.TO_DECIDE and waiting > 0,
        }
        for status, word in words.items()
        if plan.counts.get(status) or status not in HIDDEN_WHEN_NONE
    ]


def lines_read(plan: ImportPlan) -> int:
    return sum(count for sort, count in plan.counts.items() if sort != Status.LEFT)


def board(plan: ImportPlan) -> dict[str, Any]:
    """How far the worker is. It tells each step as it begins; a long silence means that it died, or hasn't begun."""
    told = seen(plan.pk)
    names = list(STEPS)
    at = names.index(told["step"]) if told.get("step") in STEPS else -1
    since = told.get("at") or (plan.started_at or timezone.now()).timestamp()
    states = ["done" if n < at else "current" if n == at else "waiting" for n in range(len(names))]
    return {
        "percent": 100 * max(at, 0) // len(names),
        "status": _("Étape %(step)s sur %(all)s") % {"step": at + 1, "all": len(names)} if at >= 0 else _("En attente"),
        "steps": [{"label": STEPS[name], "state": state} for name, state in zip(names, states, strict=True)],
        "is_stalled": timezone.now().timestamp() - since > STALLED,
    }


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line as the report tells it."""

    line: ImportLine
    sort: str
    changes: str

    @property
    def cells(self) -> tuple[Any, ...]:
        line = self.line
        said, written = line.get_decision_display() if line.decision else "", _("oui") if line.is_applied else ""
        return (line.number, self.sort, line.name, line.column, line.reason, self.changes, said, written)


def report_rows(plan: ImportPlan) -> list[ReportRow]:
    """All of them, in the order of the file; those whom it doesn't mention at the end."""
    lines = plan.lines.order_by("number", "name", "pk")
    return [ReportRow(line, _sort(line), _told(plan, line)) for line in lines]


def groups(plan: ImportPlan) -> list[dict[str, Any]]:
    """The report by sort, those that ask for something first."""
    found: dict[str, list[ReportRow]] = {status: [] for status in BEFORE}
    for row in report_rows(plan):
        found[row.line.status].append(row)
    words = BEFORE if not plan.applied_at else AFTER
    return [
        {"label": words[Status(status)] % {"count": len(rows)}, "rows": rows} for status, rows in found.items() if rows
    ]


def _sort(line: ImportLine) -> str:
    return _("parti") if line.decision == ImportLine.Decision.GONE else str(line.get_status_display())


def _told(plan: ImportPlan, line: ImportLine) -> str:
    labels = LABELS[plan.kind]
    return " · ".join(
        f"{labels[field]} : {shown_value(field, before) or '–'} → {shown_value(field, after)}"
        for field, (before, after) in line.changes.items()
    )


def first_to_see(plan: ImportPlan, waiting: int) -> str:
    order = [Status.CREATED, Status.UPDATED, Status.REJECTED, Status.TO_DECIDE, Status.UNCHANGED, Status.LEFT]
    if waiting:
        return Status.TO_DECIDE
    return next((status for status in order if plan.counts.get(status)), Status.CREATED)


def changes(plan: ImportPlan, lines: Iterable[ImportLine]) -> list[dict[str, Any]]:
    """One row for each thing that changes: who, what, before, after; then what was left out of the line."""
    labels = LABELS[plan.kind]
    rows = []
    for line in lines:
        for field, (before, after) in line.changes.items():
            values = {"before": shown_value(field, before), "after": shown_value(field, after)}
            rows.append(values | {"name": line.name, "label": labels[field]})
        if line.reason and line.status == Status.UPDATED:
            rows.append({"name": line.name, "label": line.column.lower(), "before": "", "after": line.reason})
    return rows


def shown_value(field: str, value: Any) -> str:
    """In French. The INE is told, never shown (it opens other services of the State)."""
    if field == "ine":
        return _("connu, masqué") if value else _("absent")
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if field == "birth_date" and value:
        return dated(date.fromisoformat(str(value)))
    return str(value or "")


def comparisons(plan: ImportPlan, lines: Iterable[ImportLine]) -> list[dict[str, Any]]:
    """The file at the left, what is known at the right, what differs marked. Few queries, however many lines."""
    lines = list(lines)
    for line in lines:
        line.plan = plan
    kinds_of = dict.fromkeys(line.kind for line in lines)
    found = [item for kind in kinds_of for item in _compared(plan, kind, [x for x in lines if x.kind == kind])]
    order = {line.pk: rank for rank, line in enumerate(lines)}
    return sorted(found, key=lambda item: order[item["line"].pk])


def _compared(plan: ImportPlan, kind: str, lines: list[ImportLine]) -> list[dict[str, Any]]:
    ids = [line.match_id for line in lines if line.match_id]
    is_child, is_staff = kind == Kind.ONDE_PUPILS, kind in (Kind.TEACHERS, Kind.TOWN_STAFF)
    known = _pupils(ids) if is_child else _adults(ids)
    ours = _colleagues_here(plan, ids) if is_staff else _guardians_here(plan, ids)
    rows = plan.lines.filter(number__in=[line.data.get("same_as") for line in lines])
    others = {other.number: other for other in rows}
    found = []
    for line in lines:
        left, person = _of_line(line), known.get(line.match_id)
        if person is None:
            other = others.get(line.data.get("same_as"))
            right, title = (_of_line(other), other.name) if other else ({}, "")
            tag = _("Ligne %(number)s du fichier") % {"number": line.data.get("same_as", "")}
        else:
            title, tag = person.full_name, _("Déjà dans l’ENT")
            right = _of_pupil(plan, person) if is_child else _of_adult(person)
            if is_staff:
                right["functions"] = ", ".join(ours.get(person.pk, ()))
            if not is_child and person.pk not in ours:
                right = _masked(left, right)
        found.append(
            {
                "line": line,
                "is_child": is_child,
                "left": {"title": line.name, "tag": _("Dans le fichier")},
                "right": {"title": title, "tag": tag},
                "rows": _rows(kind, left, right),
            }
        )
    return found


def _rows(kind: str, left: dict[str, str], right: dict[str, str]) -> list[dict[str, Any]]:
    labels = LABELS[kind] | {"guardians": lazy("responsables")}
    return [
        {
            "label": str(labels[field]).capitalize() if field != "ine" else "INE",
            "left": left.get(field, ""),
            "right": right.get(field, ""),
            "differs": field in left and left[field] != right.get(field, ""),
        }
        for field in COMPARED[Kind(kind)]
        if left.get(field) or right.get(field)
    ]


def _pupils(ids: list[Any]) -> dict[Any, Person]:
    enrolled = Enrollment.objects.filter(ends_on=None).select_related("school_class__school")
    people = Person.objects.select_related("pupil").prefetch_related(
        Prefetch("pupil__enrollments", enrolled),
        Prefetch("pupil__guardianships", Guardianship.objects.current().select_related("guardian")),
    )
    return {person.pupil.pk: person for person in people.filter(pupil__in=ids)}


def _adults(ids: list[Any]) -> dict[Any, Person]:
    links = Guardianship.objects.current().select_related("pupil__person")
    return Person.objects.prefetch_related(Prefetch("guardianships", links)).in_bulk(ids)


def _colleagues_here(plan: ImportPlan, ids: list[Any]) -> dict[Any, list[str]]:
    """person → functions held in this school, or for the town. Of anybody else, only what is the same is shown."""
    held = StaffAssignment.objects.on().filter(person__in=ids).select_related("school", "school_class")
    mine = held.filter(role__in=StaffAssignment.MUNICIPAL) if plan.school is None else held.filter(school=plan.school)
    found: dict[Any, list[str]] = {}
    for assignment in mine:
        found.setdefault(assignment.person_id, []).append(staff.words_of(assignment))
    return found


def _guardians_here(plan: ImportPlan, ids: list[Any]) -> dict[Any, list[str]]:
    here = Enrollment.objects.filter(ends_on=None, school_class__school=plan.school_id)
    links = Guardianship.objects.current().filter(guardian__in=ids, pupil__in=here.values("pupil"))
    return {guardian: [] for guardian in links.values_list("guardian_id", flat=True)}


def _masked(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    """Of a family of another school, or of a colleague, this head learns only what is the same."""
    told = {field: value if value == left.get(field) else _("autre, masqué") for field, value in right.items() if value}
    return told | {"children": ""}


def _of_line(line: ImportLine) -> dict[str, str]:
    """Only what the file speaks of: the others are no difference."""
    data = line.data
    found = {"address": _home(data.get("address"), data.get("city"))}
    if "posts" in data:
        words = ", ".join(post[-1] for post in data["posts"])
        return {"email": data["email"], "phone": data.get("phone", ""), "functions": words}
    if "children" in data:
        children = ", ".join(humane(child.get("first_name", "")) for child in data["children"])
        return found | {"email": data["email"], "phone": data["phone"], "children": children}
    found |= {field: shown_value(field, data.get(field)) for field in ("birth_date", "ine", "class_label")}
    return found


def _of_adult(person: Person) -> dict[str, str]:
    children = ", ".join(link.pupil.person.first_name for link in person.guardianships.all())
    contact = {"email": person.email, "phone": person.phone, "address": _home(person.address, person.city)}
    return contact | {"children": children}


def _of_pupil(plan: ImportPlan, person: Person) -> dict[str, str]:
    """Of a pupil of another school, this head learns what tells two children apart, not where they live."""
    enrollment = next(iter(person.pupil.enrollments.all()), None)
    found = {
        "birth_date": shown_value("birth_date", person.birth_date),
        "ine": shown_value("ine", person.pupil.ine),
        "class_label": enrollment.school_class.label if enrollment else _("aucune"),
    }
    if enrollment is not None and enrollment.school_class.school_id != plan.school_id:
        return found | {"class_label": f"{enrollment.school_class.label}, {enrollment.school_class.school}"}
    adults = ", ".join(link.guardian.full_name for link in person.pupil.guardianships.all())
    return found | {"guardians": adults, "address": _home(person.address, person.city)}


def _home(address: str | None, city: str | None) -> str:
    return ", ".join(filter(None, [address, city]))
