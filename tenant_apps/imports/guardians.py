"""What a file of guardians would change. Children are named, not numbered: a doubt is reported, never guessed, for a
wrong link shows a child's file to the wrong adult.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import fold, sort_key
from tenant_apps.imports.families import Child, Families
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.pupils import is_same_spelling
from tenant_apps.imports.register import name_key
from tenant_apps.people.models import Person
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


def plan(school: School, rows: Iterable[Parsed]) -> list[Line]:
    rows = list(rows)
    families = Families(school, rows)
    lines = [_line(families, row) for row in rows]
    ask_of_homonyms(lines)
    return lines


def _line(families: Families, row: Parsed) -> Line:
    data = dict(row.data)
    data["phone"] = data["phone"] or data["home_phone"]
    shown = f"{data['first_name']} {data['usage_name'] or data['birth_name']}".strip()
    line = Line(number=row.number, name=shown[:210], data=data, column=row.column, reason=row.reason[:300])
    if row.is_bad:
        line.status = Status.REJECTED
        return line
    children, doubts = families.children_of(data)
    data["pupil_ids"] = [str(child.pk) for child in children]
    if doubts:
        line.column, line.reason = "Classes enfants", " ".join(filter(None, [line.reason, *doubts]))[:300]
    if not children:
        line.status = Status.REJECTED
        line.reason = line.reason or _("Cette ligne ne nomme aucun enfant.")
        return line
    _match(line, families, children)
    return line


def _match(line: Line, families: Families, children: list[Child]) -> None:
    """The same adult alone: same name and same address for mail, or same name and already answering for the child."""
    namesakes = families.adults_named(line.data)
    certain = [adult for adult in namesakes if is_certain(families, adult, line.data, children)]
    if not namesakes:
        line.status = Status.CREATED
        return
    adult = (certain or namesakes)[0]
    line.match_id, line.changes = adult.pk, changes_of(families, adult, line.data, children)
    if len(certain) == 1:
        line.status = Status.UPDATED if line.changes else Status.UNCHANGED
    else:
        _ask(line, _("Une personne du même nom est déjà connue dans la commune."))


def is_certain(families: Families, adult: Person, data: dict[str, Any], children: list[Child]) -> bool:
    same_mail = bool(data["email"]) and adult.email.lower() == data["email"]
    return same_mail or any((child.pk, adult.pk) in families.links for child in children)


def changes_of(families: Families, adult: Person, data: dict[str, Any], children: list[Child]) -> dict[str, list[Any]]:
    """Field → [before, after]. A link that the head ended is not made again."""
    found: dict[str, list[Any]] = {}
    for field in CONTACT_FIELDS:
        before, after = getattr(adult, field), data[field]
        if after and before != after and not is_same_spelling(field, before, after):
            found[field] = [before, after]
    new = [child for child in children if (child.pk, adult.pk) not in families.links]
    if new:
        already = [child for child in children if child not in new]
        found["children"] = [_names(already), _names(children)]
    return found


def _names(children: list[Child]) -> str:
    return ", ".join(child.name for child in children)


def ask_of_homonyms(lines: list[Line]) -> None:
    """Several lines of one name. What is written twice is one person when something else agrees; else a person says."""
    groups: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line.status != Status.REJECTED:
            groups[name_key(line.data["birth_name"], line.data["first_name"])].append(line)
    for group in groups.values():
        for position, line in enumerate(group[1:], start=1):
            _compare(line, group[:position])


def _compare(line: Line, before: list[Line]) -> None:
    """With the lines above it: of a person already known the first line speaks; a new one joins or is asked about."""
    if line.match_id is not None:
        if any(other.match_id == line.match_id for other in before) and line.status == Status.UPDATED:
            line.changes = {field: pair for field, pair in line.changes.items() if field == "children"}
            line.status = Status.UPDATED if line.changes else Status.UNCHANGED
        return
    new = [other for other in before if other.status == Status.CREATED and "same_as" not in other.data]
    joined = next((other for other in new if is_reached_alike(line.data, other.data)), None)
    if joined is not None:
        line.data["same_as"] = joined.number
        return
    unsure = next((other for other in new if not is_reached_otherwise(line.data, other.data)), None)
    if unsure is not None:
        line.data["same_as"] = unsure.number
        _ask(line, _("La ligne %(number)s porte le même nom : rien ne les distingue.") % {"number": unsure.number})


def _ask(line: Line, reason: str) -> None:
    line.status = Status.TO_DECIDE
    line.reason = f"{reason} {line.reason}".strip()[:300]


def is_reached_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Same mail, telephone or home, and no two different mails."""
    if one["email"] and other["email"]:
        return one["email"] == other["email"]
    same_phone = bool(one["phone"]) and one["phone"] == other["phone"]
    return same_phone or same_home(one, other)


def is_reached_otherwise(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Two different mails, or two homes and two telephones: two homonyms, each on their line."""
    pairs = [(one[field], other[field]) for field in ("email", "phone")]
    pairs.append((home_key(one), home_key(other)) if one["address"] and other["address"] else ("", ""))
    mail, phone, home = (bool(a and b) and a != b for a, b in pairs)
    return mail or (phone and home)


def same_home(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["address"]) and home_key(one) == home_key(other)


def home_key(data: dict[str, Any]) -> tuple[str, str]:
    return sort_key(data["address"]), fold(data["postal_code"])
