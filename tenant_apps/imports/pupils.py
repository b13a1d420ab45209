"""What a file of pupils would change. INE when there is one; else names and birth date, and a human decides."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import fold
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.models import ImportLine
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import School

Status = ImportLine.Status
PERSON_FIELDS = ("birth_name", "usage_name", "first_name", "birth_date", "sex", "address", "postal_code", "city")
PUPIL_FIELDS = ("ine", "has_insurance", "has_photo_consent")
LABELS = {
    "birth_name": lazy("nom"),
    "usage_name": lazy("nom d’usage"),
    "first_name": lazy("prénom"),
    "birth_date": lazy("naissance"),
    "sex": lazy("sexe"),
    "address": lazy("adresse"),
    "postal_code": lazy("code postal"),
    "city": lazy("ville"),
    "ine": "INE",
    "has_insurance": lazy("assurance"),
    "has_photo_consent": lazy("droit à l’image"),
    "grade": lazy("niveau"),
    "class_label": lazy("classe"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A pupil enrolled somewhere in the commune."""

    enrollment: Enrollment

    @property
    def pupil(self) -> Any:
        return self.enrollment.pupil

    def value(self, field: str) -> Any:
        if field in PERSON_FIELDS:
            return getattr(self.pupil.person, field)
        if field in PUPIL_FIELDS:
            return getattr(self.pupil, field)
        return {"grade": self.enrollment.grade, "class_label": self.enrollment.school_class.label}[field]


class Register:
    """The commune's pupils, found by INE or by folded names. One query."""

    def __init__(self) -> None:
        rows = Enrollment.objects.filter(ends_on=None).select_related("pupil__person", "school_class__school")
        self.all = [Known(row) for row in rows]
        self.by_ine = {known.pupil.ine: known for known in self.all if known.pupil.ine}
        self.by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for known in self.all:
            person = known.pupil.person
            for last in {person.birth_name, person.usage_name} - {""}:
                self.by_name[fold(last), fold(person.first_name)].append(known)


def plan(school: School, rows: Iterable[Parsed]) -> list[ImportLine]:
    register = Register()
    seen: dict[Any, int] = {}
    lines = [_line(school, register, seen, row) for row in rows]
    return lines + _left(school, register, lines)


def _line(school: School, register: Register, seen: dict[Any, int], row: Parsed) -> ImportLine:
    data = row.data
    name = f"{data.get('first_name', '')} {data.get('usage_name') or data.get('birth_name', '')}".strip()
    line = ImportLine(number=row.number, name=name[:210], data=_stored(data))
    if row.is_bad:
        line.status, line.column, line.reason = Status.REJECTED, row.column, row.reason
        return line
    if first := _repeated(seen, data, row.number):
        line.status, line.reason = Status.REJECTED, _("Cette ligne répète la ligne %(number)s.") % {"number": first}
        return line
    _match(line, school, register, data)
    return line


def _stored(data: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if key == "birth_date" else value for key, value in data.items()}


def _repeated(seen: dict[Any, int], data: dict[str, Any], number: int) -> int | None:
    """The same INE, or the same names and birth date without two INEs to tell them apart."""
    key = data["ine"] or (fold(data["birth_name"]), fold(data["first_name"]), data["birth_date"])
    if key in seen:
        return seen[key]
    seen[key] = number
    return None


def _match(line: ImportLine, school: School, register: Register, data: dict[str, Any]) -> None:
    known = register.by_ine.get(data["ine"]) if data["ine"] else None
    if known is not None:
        same_person = _same_names(known, data) or known.value("birth_date") == data["birth_date"]
        if not same_person:
            return _ask(line, known, _("Même INE, autre nom et autre date de naissance."))
        return _recognised(line, school, known, data)
    namesakes = [k for k in register.by_name[fold(data["birth_name"]), fold(data["first_name"])] if _may_be(k, data)]
    if not namesakes:
        line.status = Status.CREATED
        return None
    return _weigh(line, school, namesakes, data)


def _may_be(known: Known, data: dict[str, Any]) -> bool:
    """Two different INEs are two different children, twins and homonyms included."""
    return not (known.pupil.ine and data["ine"])


def _weigh(line: ImportLine, school: School, namesakes: list[Known], data: dict[str, Any]) -> None:
    """Recognised without INE only when all the rest agrees; else a person looks at both, side by side."""
    certain = [k for k in namesakes if _is_certain(k, school, data)]
    if len(namesakes) == 1 and certain:
        return _recognised(line, school, certain[0], data)
    born_alike = [k for k in namesakes if k.value("birth_date") == data["birth_date"]]
    if born_alike:
        return _ask(line, born_alike[0], _("Même nom, même prénom, même date de naissance, sans INE commun."))
    return _ask(line, namesakes[0], _("Même nom, même prénom, dates de naissance différentes."))


def _is_certain(known: Known, school: School, data: dict[str, Any]) -> bool:
    is_here = known.enrollment.school_class.school_id == school.pk
    agrees = known.value("class_label") == data["class_label"] or known.value("address") == data["address"]
    return is_here and known.value("birth_date") == data["birth_date"] and agrees


def _same_names(known: Known, data: dict[str, Any]) -> bool:
    return fold(known.value("birth_name")) == fold(data["birth_name"]) and fold(known.value("first_name")) == fold(
        data["first_name"]
    )


def _recognised(line: ImportLine, school: School, known: Known, data: dict[str, Any]) -> None:
    if known.enrollment.school_class.school_id != school.pk:
        where = known.enrollment.school_class.school.name
        return _ask(line, known, _("Cet enfant est inscrit à « %(school)s ».") % {"school": where})
    line.match_id = known.pupil.pk
    line.changes = changes(known, data)
    line.status = Status.UPDATED if line.changes else Status.UNCHANGED
    return None


def _ask(line: ImportLine, known: Known, reason: str) -> None:
    line.status, line.reason, line.match_id = Status.TO_DECIDE, reason, known.pupil.pk
    line.changes = changes(known, line.data | {"birth_date": line.data["birth_date"]})


def changes(known: Known, data: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after]. What the file leaves empty erases nothing."""
    found = {}
    for field in (*PERSON_FIELDS, *PUPIL_FIELDS, "grade", "class_label"):
        before, after = known.value(field), data.get(field)
        if after in (None, "") or str(before) == str(after):
            continue
        if field in {"birth_name", "first_name", "usage_name"} and fold(str(before)) == fold(str(after)):
            continue  # a name typed with its accents is better than ONDE's capitals
        found[field] = [_plain(before), _plain(after)]
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | str) else str(value)


def _left(school: School, register: Register, lines: list[ImportLine]) -> list[ImportLine]:
    """Those of the classes named in the file that it doesn't mention. A file of one class is a scope, not an order."""
    labels = {line.data.get("class_label") for line in lines}
    matched = {line.match_id for line in lines if line.match_id}
    return [
        ImportLine(status=Status.LEFT, name=known.pupil.person.full_name, match_id=known.pupil.pk)
        for known in register.all
        if known.enrollment.school_class.school_id == school.pk
        and known.value("class_label") in labels
        and known.pupil.pk not in matched
    ]
