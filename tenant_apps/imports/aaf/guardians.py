"""Guardians of the académie's directory: their children are named by key, never by name."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tenant_apps.imports import guardians as onde
from tenant_apps.imports.aaf import cells
from tenant_apps.imports.families import Child, Families
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.people.models import Guardianship, Person, Pupil

if TYPE_CHECKING:
    from tenant_apps.imports.aaf.planning import Delivery, Values

Status = ImportLine.Status
SAID = ("first_name", "civility", "home_phone", "phone", "email", "postal_code", "city")


def plan_guardians(delivery: "Delivery", pupils: list[Line]) -> list[Line]:
    return DirectoryFamilies(delivery, pupils).lines()


class DirectoryFamilies:
    def __init__(self, delivery: "Delivery", pupils: list[Line]) -> None:
        self.delivery = delivery
        records = delivery.records["aaf_guardians"]
        self.by_key = {str(p.aaf_key): p for p in Person.objects.filter(aaf_key__in={r.key for _n, r, _v in records})}
        self.children = self._children(pupils)
        self.charged = self._charged(pupils)
        self.gone: list[Line] = []
        rows = [row for number, record, values in records if (row := self._row(number, record, values)) is not None]
        self.rows = rows
        self.families = Families(delivery.school, [row for row in rows if not row.is_bad])

    def lines(self) -> list[Line]:
        lines = [self._line(row) for row in self.rows]
        onde.ask_of_homonyms([line for line in lines if line.data["key"] not in self.by_key])
        return [*lines, *self.gone]

    def _children(self, pupils: list[Line]) -> dict[str, Child]:
        """key → child, of this school: in this delivery, or known from an earlier one. One who is still to be created,
        or decided, stands under the key of its line.
        """
        school = self.delivery.school
        here = Pupil.objects.filter(enrollments__ends_on=None, enrollments__school_class__school=school)
        known = here.filter(person__aaf_key__isnull=False).select_related("person")
        found = {str(pupil.person.aaf_key): Child(pupil.pk, pupil.person.full_name, "", ("", "")) for pupil in known}
        for line in pupils:
            if line.data.get("key") and line.status not in (Status.REJECTED, Status.LEFT):
                is_sure = line.status in (Status.UPDATED, Status.UNCHANGED) and line.match_id
                found[line.data["key"]] = Child(line.match_id if is_sure else line.pk, line.name, "", ("", ""))
        return found

    @staticmethod
    def _charged(pupils: list[Line]) -> dict[str, list[str]]:
        """guardian's key → children's keys, as the pupils' records tell the parental authority."""
        found: dict[str, list[str]] = {}
        for line in pupils:
            for guardian in line.data.get("authorities") or []:
                found.setdefault(guardian, []).append(line.data["key"])
        return found

    def _row(self, number: int, record: Any, values: "Values") -> Parsed | None:
        """None: nobody of this school is concerned."""
        known = self.by_key.get(record.key)
        keys = dict.fromkeys([*values.get("pupils", []), *self.charged.get(record.key, [])])
        children = [key for key in keys if key in self.children]
        if record.operation != "add" and known is not None and not children:
            children = self._children_of(known)
        if not children:
            return None
        if record.operation == "delete" or (record.operation == "modify" and known is None):
            self.gone.append(_not_followed(number, record, known))
            return None
        found = _cells_of(known) if record.operation == "modify" and known is not None else {}
        found |= _cells(values)
        data, is_bad, column, reason = cells.read("onde_guardians", found, self._label)
        return Parsed(number, data | {"key": record.key, "child_keys": children}, is_bad, column, reason)

    def _label(self, field: str) -> str:
        return self.delivery.label("aaf_guardians", field)

    def _children_of(self, known: Person) -> list[str]:
        links = Guardianship.objects.current().filter(guardian=known, pupil__person__aaf_key__in=self.children)
        return list(links.order_by("pk").values_list("pupil__person__aaf_key", flat=True))

    def _line(self, row: Parsed) -> Line:
        data = dict(row.data)
        data["phone"] = data["phone"] or data["home_phone"]
        children = [self.children[key] for key in data["child_keys"]]
        data["children"] = [{"first_name": child.name} for child in children]
        data["pupil_ids"] = [str(child.pk) for child in children]
        shown = f"{data['first_name']} {data['usage_name'] or data['birth_name']}".strip()
        line = Line(number=row.number, name=shown[:210], data=data, column=row.column, reason=row.reason[:300])
        if row.is_bad:
            line.status = Status.REJECTED
        else:
            self._match(line, children)
        return line

    def _match(self, line: Line, children: list[Child]) -> None:
        known = self.by_key.get(line.data["key"])
        namesakes = [known] if known is not None else self.families.adults_named(line.data)
        certain = [a for a in namesakes if a is known or onde.is_certain(self.families, a, line.data, children)]
        if not namesakes:
            line.status = Status.CREATED
            return
        adult = (certain or namesakes)[0]
        line.match_id, line.changes = adult.pk, onde.changes_of(self.families, adult, line.data, children)
        if len(certain) == 1:
            line.status = Status.UPDATED if line.changes else Status.UNCHANGED
        else:
            line.status = Status.TO_DECIDE
            line.reason = _("Une personne du même nom est déjà connue dans la commune.")


def _cells(values: "Values") -> dict[str, str]:
    """Only what the record speaks of."""
    found = {field: cells.first(values, field) for field in SAID if field in values}
    if "usage_name" in values or "birth_name" in values:
        found |= cells.names(values)
    if "address" in values:
        found["address"] = ", ".join(part.strip() for part in cells.first(values, "address").split("$") if part.strip())
    return found


def _cells_of(known: Person) -> dict[str, str]:
    fields = ("birth_name", "usage_name", "first_name", "civility", "email", "phone", "address", "postal_code", "city")
    return {field: getattr(known, field) for field in fields}


def _not_followed(number: int, record: Any, known: Person | None) -> Line:
    if record.operation == "delete":
        reason = _("L’annuaire retire cette personne : terminez vous-même son lien, sur la fiche de l’enfant.")
    else:
        reason = _("Le changement vise une fiche inconnue ici : importez d’abord une livraison complète.")
    name = known.full_name[:210] if known is not None else ""
    return Line(number=number, status=Status.REJECTED, name=name, reason=reason, data={"key": record.key})
