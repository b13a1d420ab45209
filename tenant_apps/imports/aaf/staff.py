"""The school's staff in the académie's directory. A teacher has no class there: the head, or ONDE's list, gives it."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.text import fold
from tenant_apps.imports.aaf import cells
from tenant_apps.imports.kinds import Parsed
from tenant_apps.imports.lines import Line
from tenant_apps.imports.models import ImportLine
from tenant_apps.imports.staff import Post, TeachersPlan
from tenant_apps.people.models import Person
from tenant_apps.people.roles import Role

if TYPE_CHECKING:
    from tenant_apps.imports.aaf.planning import Delivery, Values

Status = ImportLine.Status
TEACHING = {"ens", "doc"}
SAID = ("first_name", "civility", "email")


def plan_staff(delivery: "Delivery") -> list[Line]:
    return DirectoryStaff(delivery).lines()


class DirectoryStaff(TeachersPlan):
    def __init__(self, delivery: "Delivery") -> None:
        self.delivery = delivery
        records = delivery.records["aaf_staff"]
        people = Person.objects.filter(aaf_key__in={record.key for _n, record, _v in records})
        self.by_key = {str(person.aaf_key): person for person in people}
        self.not_followed: list[Line] = []
        rows = [row for number, record, values in records if (row := self._row(number, record, values)) is not None]
        super().__init__(delivery.school, rows)

    def lines(self) -> list[Line]:
        return [*super().lines(), *self.not_followed]

    def _row(self, number: int, record: Any, values: "Values") -> Parsed | None:
        known = self.by_key.get(record.key)
        if not self.delivery.is_here(values):
            return None
        if record.operation != "add" and (record.operation == "delete" or known is None):
            reason = _("Le changement vise une personne que l’annuaire retire ou qui est inconnue ici.")
            line = Line(number=number, status=Status.REJECTED, reason=reason, data={"key": record.key})
            self.not_followed.append(line)
            return None
        found = {f: getattr(known, f) for f in (*SAID, "birth_name", "usage_name")} if known is not None else {}
        found |= {field: cells.first(values, field) for field in SAID if field in values}
        if "usage_name" in values or "birth_name" in values:
            found |= cells.names(values)
        data, is_bad, column, reason = cells.read("teachers", found, self._label)
        here = self.delivery.structures
        functions = [value.split("$") for value in values.get("functions", [])]
        data |= {
            "key": record.key,
            "classes": [],
            "is_head": bool(here & set(values.get("headed", []))),
            "functions": [fold(" ".join(parts[1:])) for parts in functions if parts[0] in here],
            "is_teacher": cells.first(values, "is_teacher").lower() in ("o", "oui", "true", "1"),
        }
        return Parsed(number, data, is_bad, column, reason)

    def _label(self, field: str) -> str:
        return self.delivery.label("aaf_staff", field)

    def posts(self, data: dict[str, Any]) -> tuple[list[Post], str]:
        role = _role(data)
        if role is None:
            return [], _("Cette fonction n’ouvre rien dans l’école : la personne n’est pas reprise.")
        post = Post(role.value, str(self.delivery.school.pk), words=str(role.label))
        return [post], self._doubt(data, [])

    def namesakes(self, data: dict[str, Any]) -> list[Person]:
        known = self.by_key.get(data["key"])
        return [known] if known is not None else super().namesakes(data)

    def _is_certain(self, adult: Person, data: dict[str, Any]) -> bool:
        return data["key"] in self.by_key or super()._is_certain(adult, data)


def _role(data: dict[str, Any]) -> Role | None:
    words = " ".join(data["functions"])
    if "aesh" in words or "accompagn" in words:
        return Role.SUPPORT_ASSISTANT
    codes = {function.split(" ")[0] for function in data["functions"]}
    is_teacher = codes & TEACHING or data["is_teacher"] or data["is_head"] or "direction" in words
    return Role.TEACHER if is_teacher else None
