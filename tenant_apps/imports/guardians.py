"""What a file of guardians would change. Children are named, not numbered: a homonym is reported, never guessed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import fold
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.models import ImportLine
from tenant_apps.people.models import Enrollment, Guardianship, Person
from tenant_apps.schools.models import School

Status = ImportLine.Status
CONTACT_FIELDS = ("civility", "usage_name", "email", "phone", "address", "postal_code", "city")
LABELS = {
    "civility": lazy("civilité"),
    "usage_name": lazy("nom d’usage"),
    "email": lazy("courriel"),
    "phone": lazy("téléphone"),
    "address": lazy("adresse"),
    "postal_code": lazy("code postal"),
    "city": lazy("ville"),
    "children": lazy("enfants"),
}


class Families:
    """The school's pupils by name, and the commune's guardians. Two queries."""

    def __init__(self, school: School) -> None:
        rows = Enrollment.objects.filter(ends_on=None, school_class__school=school)
        self.pupils: dict[tuple[str, str], list[Enrollment]] = defaultdict(list)
        for row in rows.select_related("pupil__person", "school_class"):
            person = row.pupil.person
            for last in {person.birth_name, person.usage_name} - {""}:
                self.pupils[fold(last), fold(person.first_name)].append(row)
        self.adults: dict[tuple[str, str], dict[Any, Person]] = defaultdict(dict)
        self.children_of: dict[Any, set[Any]] = defaultdict(set)
        for link in Guardianship.objects.current().select_related("guardian"):
            self.adults[name_key(link.guardian.birth_name, link.guardian.first_name)][link.guardian_id] = link.guardian
            self.children_of[link.guardian_id].add(link.pupil_id)


def name_key(last: str, first: str) -> tuple[str, str]:
    return fold(last), fold(first)


def plan(school: School, rows: Iterable[Parsed]) -> list[ImportLine]:
    families = Families(school)
    return [_line(families, row) for row in rows]


def _line(families: Families, row: Parsed) -> ImportLine:
    data = dict(row.data)
    name = f"{data.get('first_name', '')} {data.get('usage_name') or data.get('birth_name', '')}".strip()
    line = ImportLine(number=row.number, name=name[:210], data=data)
    if row.is_bad:
        line.status, line.column, line.reason = Status.REJECTED, row.column, row.reason
        return line
    data["phone"] = data["phone"] or data.pop("home_phone")
    pupils, problem = _pupils(families, data["children"])
    data["pupil_ids"] = [str(pk) for pk in pupils]
    if problem:
        line.status, line.column, line.reason = Status.REJECTED, "Nom de famille enfant", problem
        return line
    _match(line, families, data, set(pupils))
    return line


def _pupils(families: Families, children: list[dict[str, str]]) -> tuple[list[Any], str]:
    """The ids of the children named, or why the line can't be used."""
    found: list[Any] = []
    for child in children:
        rows = _named(families, child)
        if len(rows) > 1:
            return found, _("Deux élèves s’appellent « %(name)s » : indiquez la classe.") % {"name": _full(child)}
        found += [row.pupil_id for row in rows]
    if not found:
        return found, _("Aucun enfant de cette ligne n’est dans l’école : importez d’abord les élèves.")
    return list(dict.fromkeys(found)), ""


def _named(families: Families, child: dict[str, str]) -> list[Enrollment]:
    """By name and first name; the class only tells homonyms apart, for it may be empty or out of date."""
    rows: dict[Any, Enrollment] = {}
    for last in (child.get("birth_name", ""), child.get("usage_name", "")):
        for row in families.pupils.get(name_key(last.replace("'", "’"), child.get("first_name", "")), []):
            rows[row.pupil_id] = row
    in_class = [row for row in rows.values() if row.school_class.label == child.get("class_label", "").strip()]
    return in_class or list(rows.values())


def _full(child: dict[str, str]) -> str:
    return f"{child.get('first_name', '')} {child.get('birth_name', '')}".strip()


def _match(line: ImportLine, families: Families, data: dict[str, Any], pupils: set[Any]) -> None:
    namesakes = families.adults[name_key(data["birth_name"], data["first_name"])].values()
    known = next((a for a in namesakes if _is_certain(families, a, data, pupils)), None)
    if known is None:
        line.status = Status.TO_DECIDE if namesakes else Status.CREATED
        if namesakes:
            known = next(iter(namesakes))
            line.match_id = known.pk
            line.reason = _("Une personne du même nom est déjà responsable d’un enfant de la commune.")
            line.changes = _changes(families, known, data, pupils)
        return
    line.match_id = known.pk
    line.changes = _changes(families, known, data, pupils)
    line.status = Status.UPDATED if line.changes else Status.UNCHANGED


def _is_certain(families: Families, adult: Person, data: dict[str, Any], pupils: set[Any]) -> bool:
    """Same name, and already answering for one of these children or reached at the same address."""
    same_mail = bool(data["email"]) and adult.email == data["email"]
    return same_mail or bool(families.children_of[adult.pk] & pupils)


def _changes(families: Families, adult: Person, data: dict[str, Any], pupils: set[Any]) -> dict[str, list[Any]]:
    found = {
        field: [getattr(adult, field), data[field]]
        for field in CONTACT_FIELDS
        if data.get(field) and getattr(adult, field) != data[field]
    }
    new = pupils - families.children_of[adult.pk]
    if new:
        found["children"] = [len(pupils) - len(new), len(pupils)]
    return found
