"""How many children, by school, class and grade: numbers alone."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from tenant_apps.schools.models import Grade, School

Counts = dict[str, dict[str, int]]  # class → grade → children


def numbers_of(schools: Iterable[School], enrollments: Any) -> dict[str, Any]:
    """One query."""
    counted = enrollments.order_by().values_list("school_class__school", "school_class__label", "grade")
    found: dict[Any, Counts] = defaultdict(lambda: defaultdict(dict))
    for school, label, grade, number in counted.annotate(n=Count("pk")):
        found[school][label][grade] = number
    blocks = [_block(school, found[school.pk]) for school in schools if school.pk in found]
    empty = [school for school in schools if school.pk not in found]
    return {"blocks": blocks, "empty": empty, "total": sum(block["total"] for block in blocks)}


def _block(school: School, counts: Counts) -> dict[str, Any]:
    """Only the grades that the school has."""
    grades = [grade for grade in Grade.values if any(grade in row for row in counts.values())]
    everyone = {grade: sum(row.get(grade, 0) for row in counts.values()) for grade in grades}
    rows = [_row(label, counts[label], grades) for label in sorted(counts)]
    columns = "|".join([_("Classe"), *(f"{grade}:n" for grade in grades), f"{_('Total')}:n"])
    return {
        "school": school,
        "columns": columns,
        "rows": [*rows, _row(_("École"), everyone, grades)],
        "total": sum(everyone.values()),
    }


def _row(label: str, counts: dict[str, int], grades: list[str]) -> dict[str, Any]:
    cells = [{"grade": grade, "number": counts.get(grade, 0)} for grade in grades]
    return {"label": label, "cells": cells, "sum": sum(counts.values())}
