"""What a file of pupils would change. INE when there is one; else names and birth date, and a human decides."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import fold
from tenant_apps.imports.classes import ClassBook
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.register import PERSON_FIELDS, PUPIL_FIELDS, Known, Register, name_key
from tenant_apps.schools.models import School

Status = ImportLine.Status
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


def plan(school: School, rows: Iterable[Parsed]) -> list[Line]:
    rows = list(rows)
    return Matching(school, rows).lines()


class Matching:
    """One file against the commune. First those whom an INE names, then the others among those who are left."""

    def __init__(self, school: School, rows: list[Parsed]) -> None:
        self.school, self.rows = school, rows
        self.book = ClassBook(
            school, ((row.data["class_label"], row.data["onde_id"]) for row in rows if not row.is_bad)
        )
        self.register = Register(school, rows)

    def lines(self) -> list[Line]:
        repeated = _repeated(row for row in self.rows if not row.is_bad)
        lines = {row.number: _line(row, repeated.get(row.number)) for row in self.rows}
        rows = [row for row in self.rows if lines[row.number].status != Status.REJECTED]
        taken = set()
        for row in rows:
            known = self.register.by_ine.get(row.data["ine"])
            if known is not None:
                taken.add(known.pk)
                self._weigh_ine(lines[row.number], row, known)
        for row in rows:
            if not lines[row.number].status:
                self._weigh_names(lines[row.number], row, taken)
        _ask_of_doubles(lines.values(), taken)
        return [*lines.values(), *self._left(lines.values())]

    def _weigh_ine(self, line: Line, row: Parsed, known: Known) -> None:
        born_alike = known.person.birth_date == row.data["birth_date"]
        if not born_alike and not known.bears(row.data):
            line.column = "INE"
            return self._ask(line, row, known, _("Même INE, autre nom et autre date de naissance."))
        if known.is_elsewhere(self.school):
            line.column = "INE"
            return self._ask(line, row, known, _("Même INE : cet enfant est inscrit à %(school)s.") % _where(known))
        return self._recognised(line, row, known)

    def _weigh_names(self, line: Line, row: Parsed, taken: set[Any]) -> None:
        """Recognised without INE only when all the rest agrees; else a person looks at both, side by side."""
        found = [k for k in self.register.named(row) if k.pk not in taken and not (k.ine and row.data["ine"])]
        alike = [k for k in found if k.person.birth_date == row.data["birth_date"]]
        if not found:
            line.status = Status.CREATED
        elif len(alike) == 1 and self._is_certain(alike[0], row.data):
            self._recognised(line, row, alike[0])
        elif alike:
            self._ask(line, row, alike[0], self._why(alike[0], _("Même nom, même prénom, même date de naissance.")))
        else:
            why = _("Même nom, même prénom, dates de naissance différentes.")
            self._ask(line, row, found[0], self._why(found[0], why))

    def _why(self, known: Known, reason: str) -> str:
        if known.enrollment is None:
            return f"{reason} {_('Cet enfant n’est plus dans une classe.')}"
        if known.is_elsewhere(self.school):
            return f"{reason} {_('Cet enfant est inscrit à %(school)s.') % _where(known)}"
        return reason

    def _is_certain(self, known: Known, data: dict[str, Any]) -> bool:
        """Of this school, of this birth name, and in the same class or at the same address."""
        if known.enrollment is None or known.is_elsewhere(self.school):
            return False
        same_class = self._class_of(data) == known.enrollment.school_class
        same_home = bool(data["address"]) and fold(data["address"]) == fold(known.person.address)
        return known.bears_by_birth(data) and (same_class or same_home)

    def _class_of(self, data: dict[str, Any]) -> Any:
        return self.book.find(*named_class(data))

    def _recognised(self, line: Line, row: Parsed, known: Known) -> None:
        line.match_id, line.changes = known.pk, self._changes(known, row.data)
        line.status = Status.UPDATED if line.changes else Status.UNCHANGED

    def _ask(self, line: Line, row: Parsed, known: Known, reason: str) -> None:
        line.status, line.reason, line.match_id = Status.TO_DECIDE, reason, known.pk
        line.changes = self._changes(known, row.data)

    def _changes(self, known: Known, data: dict[str, Any]) -> dict[str, list[Any]]:
        """Field → [before, after]. What the file leaves empty erases nothing."""
        found = {}
        for field in (*PERSON_FIELDS, *PUPIL_FIELDS):
            before, after = known.value(field), data.get(field)
            if after not in (None, "") and before != after and not is_same_spelling(field, before, after):
                found[field] = [plain(before), plain(after)]
        enrolled = known.enrollment
        if enrolled is None or enrolled.school_class != self._class_of(data):
            found["class_label"] = [enrolled.school_class.label if enrolled else "", data["class_label"]]
        if enrolled is None or enrolled.grade != data["grade"]:
            found["grade"] = [enrolled.grade if enrolled else "", data["grade"]]
        return found

    def _left(self, lines: Iterable[Line]) -> list[Line]:
        """Those of the classes named in the file (and of last year's) that it doesn't mention, even badly. A file of
        one class is a scope, not an order.
        """
        mentioned = {line.match_id for line in lines}
        classes = {self.book.find(*named) for named in self.book.named}
        for row in self.rows:
            mentioned |= {known.pk for known in self.register.named(row)}
            mentioned.add(getattr(self.register.by_ine.get(row.data["ine"]), "pk", None))
        return [
            Line(
                status=Status.LEFT,
                name=known.person.full_name[:210],
                match_id=known.pk,
                data={"class_label": school_class.label},
            )
            for known, school_class in self.register.of_school
            if known.pk not in mentioned and (school_class in classes or school_class.year_id != self.book.year.pk)
        ]


def named_class(data: dict[str, Any]) -> tuple[str, str]:
    return data["class_label"], data["onde_id"]


def is_same_spelling(field: str, before: str, after: str) -> bool:
    """Of two spellings of a name, the one with more accents stands: ONDE often writes capitals without any."""
    if field not in {"birth_name", "first_name", "usage_name", "city"} or fold(before) != fold(after):
        return False
    return _accents(after) <= _accents(before)


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value if value is None or isinstance(value, bool | str) else str(value)


def _accents(text: str) -> int:
    return sum(not c.isascii() and c.isalpha() for c in text)


def _where(known: Known) -> dict[str, str]:
    return {"school": known.enrollment.school_class.school.name if known.enrollment else ""}


def _line(row: Parsed, repeated: str | None) -> Line:
    data = {field: plain(value) for field, value in row.data.items()}
    shown = f"{data['first_name']} {data['usage_name'] or data['birth_name']}".strip()
    line = Line(number=row.number, name=shown[:210], data=data, column=row.column, reason=row.reason)
    if row.is_bad or repeated:
        line.status, line.reason = Status.REJECTED, repeated or row.reason
    return line


def _repeated(rows: Iterable[Parsed]) -> dict[int, str]:
    """Number of the line → why it can't be told from another: the same INE, or the same names and birth date without
    two INEs to tell them apart.
    """
    found: dict[int, str] = {}
    by_ine: dict[str, Parsed] = {}
    by_names: dict[Any, Parsed] = {}
    for row in rows:
        ine, names = row.data["ine"], _names(row)
        first = by_ine.setdefault(ine, row) if ine else row
        if first is not row and _names(first) != names:
            found[row.number] = _("Cet INE est aussi celui de la ligne %(number)s.") % {"number": first.number}
            found[first.number] = _("Cet INE est aussi celui de la ligne %(number)s.") % {"number": row.number}
            continue
        other = by_names.setdefault(names, row)
        if other is not row and not (ine and other.data["ine"] and ine != other.data["ine"]):
            found[row.number] = _("Cette ligne répète la ligne %(number)s.") % {"number": other.number}
    return found


def _names(row: Parsed) -> tuple[Any, ...]:
    return (*name_key(row.data["birth_name"], row.data["first_name"]), row.data["birth_date"])


def _ask_of_doubles(lines: Iterable[Line], taken: set[Any]) -> None:
    """Two lines that lead to one child: neither passes alone."""
    by_match = defaultdict(list)
    for line in lines:
        if line.match_id and line.match_id not in taken:
            by_match[line.match_id].append(line)
    for group in by_match.values():
        for line in group if len(group) > 1 else []:
            if line.status != Status.TO_DECIDE:
                line.status, line.reason = Status.TO_DECIDE, _("Deux lignes du fichier ressemblent à cet enfant.")
