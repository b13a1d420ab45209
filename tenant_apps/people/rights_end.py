"""Who has no right left in the commune, and since when. One query for everybody.

A right is an enrolment, the charge of an enrolled child, or a function; one that begins later counts already. Nothing
is stored: an end that is moved or undone is seen at the next look.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment


def without_right(on: date | None = None, *, among: Collection[Any] | None = None) -> dict[Any, date]:
    """person id → first day without a right. Who never had one: the day they entered the directory."""
    tables = {
        name: connection.ops.quote_name(model._meta.db_table)
        for name, model in (
            ("enrollment", Enrollment), ("guardianship", Guardianship), ("person", Person),
            ("pupil", Pupil), ("assignment", StaffAssignment),
        )
    }  # fmt: skip
    day = on or timezone.localdate()
    narrowed = "AND person.id = ANY(%s::uuid[])" if among is not None else ""
    values: list[Any] = [timezone.get_default_timezone_name()]
    values += [[str(pk) for pk in among]] if among is not None else []
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(**tables, narrowed=narrowed), [*values, day])
        return dict(cursor.fetchall())


# LEAST ignores nulls: a charge lasts as long as both the link and the child's enrolment; a null end lasts.
_SQL = """
WITH spans AS (
    SELECT pupil.person_id, enrollment.ends_on
      FROM {enrollment} enrollment JOIN {pupil} pupil ON pupil.id = enrollment.pupil_id
    UNION ALL
    SELECT link.guardian_id, LEAST(enrollment.ends_on, link.ended_on)
      FROM {guardianship} link JOIN {enrollment} enrollment ON enrollment.pupil_id = link.pupil_id
     WHERE link.ended_on IS NULL OR link.ended_on > enrollment.starts_on
    UNION ALL
    SELECT person_id, ends_on FROM {assignment}
)
SELECT person.id, COALESCE(MAX(spans.ends_on), (MIN(person.created_at) AT TIME ZONE %s)::date)
  FROM {person} person LEFT JOIN spans ON spans.person_id = person.id
 WHERE TRUE {narrowed}
 GROUP BY person.id
HAVING BOOL_AND(spans.person_id IS NULL OR (spans.ends_on IS NOT NULL AND spans.ends_on <= %s))
"""
