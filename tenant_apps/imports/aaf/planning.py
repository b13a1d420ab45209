"""What a delivery of the académie's directory would change in one school: its pupils, their guardians, its staff, in
one plan. The académie's own key recognises whom it means; names are asked only where nobody bears the key yet.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.layouts.current import layouts
from shared_apps.layouts.shapes import clean_key
from tenant_apps.imports.aaf.guardians import plan_guardians
from tenant_apps.imports.aaf.pupils import plan_pupils
from tenant_apps.imports.aaf.reading import Record
from tenant_apps.imports.aaf.staff import plan_staff
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.schools.models import School

Values = dict[str, list[str]]  # field of the layout → what the record says; absent: the record doesn't speak of it


class Delivery:
    """The records by category, read by the layouts in force, with what is this school's."""

    def __init__(self, school: School, rows: Iterable[Parsed]) -> None:
        self.school, self.is_complete = school, True
        self.records: dict[str, list[tuple[int, Record, Values]]] = defaultdict(list)
        known = layouts()
        for row in rows:
            record: Record = row.data["record"]
            self.is_complete = self.is_complete and row.data["is_complete"]
            self.records[record.category].append((row.number, record, _values(record, known[record.category].by_key)))
        self.structures = self._of_the_school()

    def label(self, category: str, field: str) -> str:
        return layouts()[category].field(field).label

    def _of_the_school(self) -> set[str]:
        """The académie's keys of this school. Raises DomainError when the delivery doesn't name it."""
        structures = self.records["aaf_structures"]
        if not structures:
            raise DomainError(
                _("Il manque le fichier « EtabEducNat », qui nomme les écoles. Rien n’a été modifié."),
                code="no_structure",
            )
        found = {record.key for _n, record, values in structures if self.school.uai in values.get("uai", [])}
        if not found:
            message = _("L’école %(uai)s n’est pas dans ces fichiers. Rien n’a été modifié.") % {"uai": self.school.uai}
            raise DomainError(message, code="other_school")
        return found

    def is_here(self, values: Values) -> bool:
        said = (value for name in ("structures", "classes", "functions") for value in values.get(name, []))
        return any(value.split("$")[0] in self.structures for value in said)


def _values(record: Record, by_key: dict[str, Any]) -> Values:
    found: Values = {}
    for name, values in record.attributes.items():
        field = by_key.get(clean_key(name))
        if field is not None:
            found.setdefault(field.name, []).extend(values)
    return found


def plan(school: School, rows: Iterable[Parsed]) -> list[Line]:
    delivery = Delivery(school, rows)
    pupils = plan_pupils(delivery)
    guardians = plan_guardians(delivery, pupils)
    staff = plan_staff(delivery)
    for kind, lines in (("onde_pupils", pupils), ("onde_guardians", guardians), ("teachers", staff)):
        for line in lines:
            line.data["kind"] = kind
    found = [*pupils, *guardians, *staff]
    if not found:
        raise DomainError(_("Ces fichiers ne disent rien de cette école. Rien n’a été modifié."), code="nothing")
    return found
