"""The commune's pupils whom a file may mean, found by INE or by names. Two queries, whatever the size of the file."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from core.frozen import unprepared
from core.many import many
from core.text import sort_key
from tenant_apps.imports.kinds import Parsed
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.people.pairs import merged_away
from tenant_apps.schools.models import School

PERSON_FIELDS = ("birth_name", "usage_name", "first_name", "birth_date", "sex", "address", "postal_code", "city")
PUPIL_FIELDS = ("ine", "has_insurance", "has_photo_consent")


def name_key(last: str, first: str) -> tuple[str, str]:
    """Accents, case, hyphens and apostrophes never make two names."""
    return sort_key(last), sort_key(first)


class Known:
    """A pupil of the commune; `enrollment` is None when it left."""

    def __init__(self, pupil: Pupil, enrollment: Enrollment | None) -> None:
        self.pupil, self.enrollment = pupil, enrollment
        self.pk, self.ine, self.person = pupil.pk, pupil.ine, pupil.person

    def value(self, field: str) -> Any:
        return getattr(self.person if field in PERSON_FIELDS else self.pupil, field)

    def is_elsewhere(self, school: School) -> bool:
        return self.enrollment is not None and self.enrollment.school_class.school_id != school.pk

    def names(self) -> set[tuple[str, str]]:
        return names_of(self.person.birth_name, self.person.usage_name, self.person.first_name)

    def bears(self, data: dict[str, Any]) -> bool:
        """One of its names is one of those of the file."""
        return bool(self.names() & _keys(data))

    def bears_by_birth(self, data: dict[str, Any]) -> bool:
        mine = name_key(self.person.birth_name, self.person.first_name)
        return mine == name_key(data["birth_name"], data["first_name"])


def names_of(birth_name: str, usage_name: str, first_name: str) -> set[tuple[str, str]]:
    first = sort_key(first_name)
    return {(sort_key(last), first) for last in (birth_name, usage_name) if last}


def _keys(data: dict[str, Any]) -> set[tuple[str, str]]:
    return names_of(data["birth_name"], data["usage_name"], data["first_name"])


class Register:
    def __init__(self, school: School, rows: Iterable[Parsed]) -> None:
        rows = list(rows)
        self.keys = {row.number: _keys(row.data) for row in rows}
        found = self._load(school, {row.data["ine"] for row in rows})
        self.by_ine = {known.ine: known for known in found if known.ine}
        self.by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for known in found:
            for key in known.names():
                self.by_name[key].append(known)
        here = [(k, k.enrollment.school_class) for k in found if k.enrollment and not k.is_elsewhere(school)]
        self.of_school = sorted(here, key=lambda pair: pair[0].person.sort_name)

    def named(self, row: Parsed) -> list[Known]:
        """Those who bear one of the names of the line, the oldest record first."""
        found = {known.pk: known for key in self.keys[row.number] for known in self.by_name.get(key, ())}
        return [found[pk] for pk in sorted(found)]

    def _load(self, school: School, ines: set[str]) -> list[Known]:
        names = {" ".join(filter(None, key)) for keys in self.keys.values() for key in keys}
        found = _pupils(school, many(ines - {None, ""}), many(names))
        enrolled = {row.pupil_id: row for row in _enrolled(many(pupil.pk for pupil in found))} if found else {}
        return [Known(pupil, enrolled.get(pupil.pk)) for pupil in found]


@unprepared
def _pupils(school: School, ines: str, names: str) -> QuerySet[Pupil]:
    """Each way to be meant by its own index."""
    keys = Pupil.objects.order_by().values("pk")
    here = Enrollment.objects.filter(ends_on=None, school_class__school=school).order_by().values("pupil")
    # `sort_name` holds the usage name: those who have one may be in the file under their birth name.
    wanted = keys.filter(ine__many=ines).union(
        keys.filter(person__sort_name__many=names), keys.exclude(person__usage_name=""), here, all=True
    )
    pupils = Pupil.objects.filter(pk__in=wanted).exclude(person__in=merged_away())
    return pupils.select_related("person").order_by("pk")


@unprepared
def _enrolled(pupils: str) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(ends_on=None, pupil__many=pupils).select_related("school_class__school")
