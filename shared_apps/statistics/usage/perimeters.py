"""What a page of usage speaks of: the académie, a département, a circonscription, a commune or a school."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.reference.models import Department, District, RefCommune, RefSchool
from shared_apps.reference.scopes import scope_of
from shared_apps.statistics.usage.models import UsageMonth
from shared_apps.statistics.usage.querysets import UsageMonthQuerySet

Level = UsageMonth.Level
WHOLE = "academie"  # how the académie is called in an address
SLUGS = {
    "academie": Level.ACADEMY,
    "departement": Level.DEPARTMENT,
    "circonscription": Level.DISTRICT,
    "commune": Level.COMMUNE,
    "ecole": Level.SCHOOL,
}
_SLUG_OF = {level: slug for slug, level in SLUGS.items()}
# What a perimeter is compared by, the first by default.
PARTS = {
    Level.ACADEMY: (Level.DEPARTMENT, Level.DISTRICT, Level.COMMUNE),
    Level.DEPARTMENT: (Level.COMMUNE, Level.DISTRICT),
    Level.DISTRICT: (Level.SCHOOL,),
    Level.COMMUNE: (Level.SCHOOL,),
    Level.SCHOOL: (),
}


@dataclass(frozen=True, slots=True)
class Perimeter:
    level: str
    code: str
    name: str

    @property
    def url(self) -> str:
        return url_of(self.level, self.code)

    @property
    def parts(self) -> tuple[str, ...]:
        return PARTS[Level(self.level)]


def url_of(level: str, code: str) -> str:
    return reverse("statistics:usage_of", args=[_SLUG_OF[Level(level)], code or WHOLE])


def first_of(user: Any) -> tuple[str, str] | None:
    """The widest that this person sees."""
    scope = scope_of(user)
    if scope.is_whole:
        return Level.ACADEMY, ""
    if scope.departments:
        return Level.DEPARTMENT, min(scope.departments)
    return (Level.DISTRICT, min(scope.districts)) if scope.districts else None


def find(user: Any, slug: str, code: str) -> Perimeter | None:
    """None when it does not exist or is not theirs to see. One query at most."""
    level = SLUGS.get(slug)
    if level is None:
        return None
    if level == Level.ACADEMY:
        return _academy(user) if code == WHOLE else None
    name = _FINDERS[level](user, code)
    return Perimeter(level, code, name) if name else None


def _academy(user: Any) -> Perimeter | None:
    return Perimeter(Level.ACADEMY, "", _("L’académie")) if scope_of(user).is_whole else None


def _department(user: Any, code: str) -> str:
    scope = scope_of(user)
    is_theirs = code in Department.values and (scope.is_whole or code in scope.departments)
    return str(Department(code).label) if is_theirs else ""


def _district(user: Any, code: str) -> str:
    scope = scope_of(user)
    row = District.objects.filter(uai=code).values_list("short_name", "department_code").first()
    is_theirs = row and (scope.is_whole or code in scope.districts or row[1] in scope.departments)
    return row[0] if row and is_theirs else ""


def _commune(user: Any, code: str) -> str:
    """Not an inspector's: the commune's count would tell of the schools of a colleague."""
    scope = scope_of(user)
    row = RefCommune.objects.filter(insee=code).values_list("name", "department_code").first()
    return row[0] if row and (scope.is_whole or row[1] in scope.departments) else ""


def _school(user: Any, code: str) -> str:
    row = RefSchool.objects.visible_to(user).filter(uai=code).values_list("name", "commune__name").first()
    return f"{row[0]} ({row[1]})" if row else ""


_FINDERS = {
    Level.DEPARTMENT: _department,
    Level.DISTRICT: _district,
    Level.COMMUNE: _commune,
    Level.SCHOOL: _school,
}


_NAMES = {
    Level.DISTRICT: District.objects.filter(uai=OuterRef("code")).values("short_name"),
    Level.COMMUNE: RefCommune.objects.filter(insee=OuterRef("code")).values("name"),
    Level.SCHOOL: RefSchool.objects.filter(uai=OuterRef("code")).values(
        full=Concat("name", Value(" ("), "commune__name", Value(")"))
    ),
}


def with_names(rows: UsageMonthQuerySet, level: str) -> UsageMonthQuerySet:
    """Asked with the rows: no query more."""
    names = _NAMES.get(Level(level))
    return rows.annotate(name=Subquery(names.order_by()) if names is not None else Value(""))


def name_of(row: UsageMonth) -> str:
    if row.level == Level.DEPARTMENT and row.code in Department.values:
        return str(Department(row.code).label)
    return row.name or row.code  # type: ignore[attr-defined]  # of `with_names`


def public_schools(level: str, code: str) -> QuerySet[RefSchool]:
    """Those of a perimeter, whether they use the ENT or not."""
    place = {Level.DEPARTMENT: "commune__department_code", Level.DISTRICT: "district", Level.COMMUNE: "commune"}
    rows = RefSchool.objects.current().public().order_by()
    return rows.filter(**{place.get(Level(level), "uai"): code}) if code else rows
