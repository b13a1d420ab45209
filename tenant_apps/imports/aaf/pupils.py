"""Pupils of the académie's directory: planned as those of ONDE, the académie's key first."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tenant_apps.imports.aaf import cells
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.pupils import Matching
from tenant_apps.imports.register import Known
from tenant_apps.people.models import Enrollment, Guardianship, Pupil

if TYPE_CHECKING:
    from tenant_apps.imports.aaf.planning import Delivery, Values

Status = ImportLine.Status
SEXES = {"m": "M", "mr": "M", "monsieur": "M", "mme": "F", "mlle": "F", "melle": "F", "f": "F", "h": "M"}
# Which attribute a field of ours comes from, where the names differ: for the messages.
ATTRIBUTE = {"class_label": "classes"}


def plan_pupils(delivery: "Delivery") -> list[Line]:
    return DirectoryMatching(delivery).lines()


class DirectoryMatching(Matching):
    def __init__(self, delivery: "Delivery") -> None:
        self.delivery = delivery
        records = delivery.records["aaf_pupils"]
        self.by_key = _known_by_key({record.key for _n, record, _v in records})
        self.key_of: dict[int, str] = {}
        self.authorities: dict[int, list[str] | None] = {}
        self.deleted: list[tuple[int, Known]] = []
        self.strangers: list[Line] = []
        rows = [row for number, record, values in records if (row := self._row(number, record, values)) is not None]
        super().__init__(delivery.school, rows)

    def lines(self) -> list[Line]:
        lines = super().lines()
        for line in lines:
            if line.number in self.key_of:
                line.data["key"] = self.key_of[line.number]
                line.data["authorities"] = self.authorities[line.number]
        self._weigh_authorities(lines)
        return [*lines, *self.strangers, *(_gone(number, known) for number, known in self.deleted)]

    def _row(self, number: int, record: Any, values: "Values") -> Parsed | None:
        """None: of another school, or one that leaves."""
        known = self.by_key.get(record.key)
        was_here = known is not None and known.enrollment is not None and not known.is_elsewhere(self.delivery.school)
        if record.operation == "delete":
            if was_here and known is not None:
                self.deleted.append((number, known))
            return None
        if record.operation == "modify" and known is None:
            if self.delivery.is_here(values):
                self.strangers.append(_stranger(number, record.key))
            return None
        if not self.delivery.is_here(values) and not (record.operation == "modify" and was_here):
            return None
        self.key_of[number] = record.key
        said = values.get("authorities")
        self.authorities[number] = None if said is None else [value.split("$")[0] for value in said if value]
        before = _cells_of(known) if record.operation == "modify" and known is not None else {}
        return self._parsed(number, before | self._cells(values))

    def _cells(self, values: "Values") -> dict[str, str]:
        """Only what the record speaks of."""
        found: dict[str, str] = {}
        if "usage_name" in values or "birth_name" in values:
            found |= cells.names(values)
        for field in ("first_name", "birth_date", "ine", "grade"):
            if field in values:
                found[field] = cells.first(values, field)
        if "sex" in values:
            found["sex"] = SEXES.get(cells.first(values, "sex").lower().strip(". "), "")
        if "classes" in values:
            found["class_label"] = self._class_label(values["classes"])
        return found

    def _class_label(self, classes: list[str]) -> str:
        """`structure$?$?$id$libellé`: of this school; a shorter form ends with the label too."""
        parts = [value.split("$") for value in classes]
        return next((p[-1] for p in parts if len(p) > 1 and p[0] in self.delivery.structures), "")

    def _parsed(self, number: int, found: dict[str, str]) -> Parsed:
        def label(field: str) -> str:
            return self.delivery.label("aaf_pupils", ATTRIBUTE.get(field, field))

        data, is_bad, column, reason = cells.read("onde_pupils", found, label)
        return Parsed(number, data, is_bad, column, reason)

    def _weigh_names(self, line: Line, row: Parsed, taken: set[Any]) -> None:
        known = self.by_key.get(self.key_of[row.number])
        if known is None:
            super()._weigh_names(line, row, taken)
        elif known.is_elsewhere(self.school):
            where = {"school": known.enrollment.school_class.school.name if known.enrollment else ""}
            self._ask(line, row, known, _("Même clé de l’annuaire : cet enfant est inscrit à %(school)s.") % where)
        else:
            self._recognised(line, row, known)

    def _left(self, lines: Iterable[Line]) -> list[Line]:
        """Only a complete delivery says who is absent."""
        return super()._left(lines) if self.delivery.is_complete else []

    def _weigh_authorities(self, lines: list[Line]) -> None:
        """Whether an adult exercises the parental authority comes from here: shown on the child's line."""
        asked = {line.match_id: line for line in lines if line.match_id and line.data.get("authorities") is not None}
        links = Guardianship.objects.current().filter(pupil__in=asked, guardian__aaf_key__isnull=False)
        now: dict[Any, list[Guardianship]] = {}
        for link in links.select_related("guardian"):
            now.setdefault(link.pupil_id, []).append(link)
        for pupil, found in now.items():
            line = asked[pupil]
            holders = set(line.data["authorities"])
            before = [link.guardian.full_name for link in found if link.has_parental_authority]
            after = [link.guardian.full_name for link in found if link.guardian.aaf_key in holders]
            if before != after:
                line.changes["authorities"] = [", ".join(before), ", ".join(after)]
                line.status = Status.UPDATED if line.status == Status.UNCHANGED else line.status


def _known_by_key(keys: set[str]) -> dict[str, Known]:
    pupils = list(Pupil.objects.filter(person__aaf_key__in=keys).select_related("person"))
    rows = Enrollment.objects.filter(ends_on=None, pupil__in=[pupil.pk for pupil in pupils])
    enrolled = {row.pupil_id: row for row in rows.select_related("school_class__school")}
    return {str(pupil.person.aaf_key): Known(pupil, enrolled.get(pupil.pk)) for pupil in pupils}


def _cells_of(known: Known) -> dict[str, str]:
    """As the files would write what is known: a Delta says only what changes."""
    person, enrolled = known.person, known.enrollment
    return {
        "birth_name": person.birth_name,
        "usage_name": person.usage_name,
        "first_name": person.first_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "sex": person.sex,
        "ine": known.ine or "",
        "grade": enrolled.grade if enrolled else "",
        "class_label": enrolled.school_class.label if enrolled else "",
    }


def _stranger(number: int, key: str) -> Line:
    reason = _("Le changement vise une fiche inconnue ici : importez d’abord une livraison complète.")
    return Line(number=number, status=Status.REJECTED, name="", reason=reason, data={"key": key})


def _gone(number: int, known: Known) -> Line:
    label = known.enrollment.school_class.label if known.enrollment else ""
    data = {"class_label": label, "key": str(known.person.aaf_key)}
    return Line(number=number, status=Status.LEFT, name=known.person.full_name[:210], match_id=known.pk, data=data)
