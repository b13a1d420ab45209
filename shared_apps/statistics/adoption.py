"""Who has joined: every figure of adoption, from the reference data and the conventions in force.

Three queries whatever the number of communes; départements, circonscriptions, months and shares are then counted in
memory.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from shared_apps.onboarding import in_force
from shared_apps.reference.models import Department, District, RefCommune, RefSchool

Span = tuple[date, date | None]
Dated = Iterable[tuple[str, date, date | None]]


@dataclass(frozen=True, slots=True)
class CommuneRow:
    insee: str
    name: str
    department: str
    population: int
    epci: str
    spans: tuple[Span, ...] = ()

    def is_in(self, day: date) -> bool:
        return _covers(self.spans, day)


@dataclass(frozen=True, slots=True)
class SchoolRow:
    uai: str
    insee: str
    department: str
    district: str
    pupils: int
    spans: tuple[Span, ...] = ()

    def is_in(self, day: date) -> bool:
        return _covers(self.spans, day)


def _covers(spans: Iterable[Span], day: date) -> bool:
    return any(since <= day and (until is None or day < until) for since, until in spans)


@dataclass(frozen=True, slots=True)
class Standing:
    """Joined: a convention in force. Denominators: communes that have a public school, and public schools."""

    code: str
    name: str
    communes: int = 0
    communes_joined: int = 0
    schools: int = 0
    schools_joined: int = 0
    pupils: int = 0
    pupils_joined: int = 0

    def as_export(self) -> dict[str, Any]:
        return {
            "communes_joined": self.communes_joined,
            "communes_with_public_school": self.communes,
            "communes_rate": rate(self.communes_joined, self.communes),
            "public_schools_joined": self.schools_joined,
            "public_schools": self.schools,
            "public_schools_rate": rate(self.schools_joined, self.schools),
            "pupils": self.pupils_joined,
        }


def rate(part: int, whole: int) -> float | None:
    """In per cent, to one decimal, as the pages round it."""
    return float(f"{100 * part / whole:.1f}") if whole else None


class Adoption:
    """What a person (or `None`: everything, for a command or the public) may count."""

    def __init__(self, user: Any = None, *, on: date | None = None) -> None:
        self.on = on or timezone.localdate()
        communes = RefCommune.objects.current().with_public_school()
        schools = RefSchool.objects.current().public()
        if user is not None:
            communes, schools = communes.visible_to(user), schools.visible_to(user)
        spans = in_force.spans()
        self.communes = _communes(communes, in_force.spans_of_communes(spans))
        self.schools = _schools(schools, in_force.spans_of_schools(spans))

    def standing(
        self, code: str = "", name: str = "", *, of: Callable[[Any], bool] | None = None, on: date | None = None
    ) -> Standing:
        """The figures of a part, of all when it isn't given."""
        communes = [row for row in self.communes if of is None or of(row)]
        schools = [row for row in self.schools if of is None or of(row)]
        return _count(code, name, communes, schools, on or self.on)

    def by_department(self) -> list[Standing]:
        """Those one sees something of."""
        seen = {row.department for row in self.communes}
        return [self._of_department(code, name) for code, name in Department.choices if code in seen]

    def of_department(self, code: str) -> Standing:
        return self._of_department(code, str(Department(code).label))

    def _of_department(self, code: str, name: str) -> Standing:
        return self.standing(code, name, of=lambda row: row.department == code)

    def by_district(self, department: str = "") -> list[Standing]:
        """A commune with schools in several circonscriptions is counted in each of them."""
        names = District.objects.current().order_by("department_code", "short_name")
        if department:
            names = names.filter(department_code=department)
        found = [self._of_district(uai, name) for uai, name in names.values_list("uai", "short_name")]
        return [row for row in found if row.schools]

    def _of_district(self, uai: str, name: str) -> Standing:
        schools = [row for row in self.schools if row.district == uai]
        joined_here = {row.insee for row in schools}
        return _count(uai, name, [row for row in self.communes if row.insee in joined_here], schools, self.on)

    def by_month(self, months: int = 24, *, of: Callable[[Any], bool] | None = None) -> list[tuple[date, Standing]]:
        """At the end of each of the last months, and on the day."""
        return [(day, self.standing(of=of, on=day)) for day in month_ends(self.on, months)]

    def export(self) -> dict[str, Any]:
        return {
            "academie": self.standing().as_export(),
            "departements": {code: self.of_department(code).as_export() for code in Department.values},
        }


def _count(code: str, name: str, communes: list[CommuneRow], schools: list[SchoolRow], on: date) -> Standing:
    joined = [row for row in schools if row.is_in(on)]
    return Standing(
        code,
        name,
        communes=len(communes),
        communes_joined=sum(row.is_in(on) for row in communes),
        schools=len(schools),
        schools_joined=len(joined),
        pupils=sum(row.pupils for row in schools),
        pupils_joined=sum(row.pupils for row in joined),
    )


def _communes(rows: Any, dated: Dated) -> list[CommuneRow]:
    spans = _by_key(dated)
    fields = ("insee", "name", "department_code", "population", "epci_code")
    found = rows.order_by("sort_name", "insee").values_list(*fields)
    return [CommuneRow(*values, tuple(spans.get(values[0], ()))) for values in found]


def _schools(rows: Any, dated: Dated) -> list[SchoolRow]:
    spans = _by_key(dated)
    fields = ("uai", "commune_id", "commune__department_code", "district_id", "pupils")
    return [
        SchoolRow(uai, insee, department, district or "", pupils or 0, tuple(spans.get(uai, ())))
        for uai, insee, department, district, pupils in rows.order_by("uai").values_list(*fields)
    ]


def _by_key(dated: Dated) -> dict[str, set[Span]]:
    found: dict[str, set[Span]] = {}
    for key, since, until in dated:
        found.setdefault(key, set()).add((since, until))
    return found


def month_ends(day: date, months: int) -> list[date]:
    """The last days of the months before, oldest first, then the day itself."""
    return [*reversed(list(_ends_before(day, months - 1))), day]


def _ends_before(day: date, count: int) -> Iterator[date]:
    for _n in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        yield day
