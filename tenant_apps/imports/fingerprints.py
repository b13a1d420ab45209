"""What a plan was compared with, in 64 signs: when they change, the comparison is to be made again."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import connection

from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.roles import MUNICIPAL

# One statement for the school's classes, enrolments, pupils, persons and links: it is asked twice an import.
SCHOOL = """
SELECT count(*), max(updated_at) FROM schools_schoolclass WHERE school_id = %(school)s
UNION ALL
SELECT count(*), max(greatest(e.updated_at, p.updated_at, h.updated_at))
  FROM people_enrollment e
  JOIN schools_schoolclass c ON c.id = e.school_class_id
  JOIN people_pupil p ON p.id = e.pupil_id
  JOIN people_person h ON h.id = p.person_id
 WHERE c.school_id = %(school)s
UNION ALL
SELECT count(*), max(greatest(g.updated_at, h.updated_at))
  FROM people_guardianship g
  JOIN people_person h ON h.id = g.guardian_id
 WHERE g.pupil_id IN (SELECT e.pupil_id FROM people_enrollment e
                        JOIN schools_schoolclass c ON c.id = e.school_class_id WHERE c.school_id = %(school)s)
"""
ASKED_PUPILS = """
UNION ALL
SELECT count(*), max(greatest(p.updated_at, h.updated_at, e.updated_at))
  FROM people_pupil p
  JOIN people_person h ON h.id = p.person_id
  LEFT JOIN people_enrollment e ON e.pupil_id = p.id
 WHERE p.id = ANY(%(asked)s::uuid[])
"""
ASKED_PEOPLE = """
UNION ALL
SELECT count(*), max(updated_at) FROM people_person WHERE id = ANY(%(asked)s::uuid[])
"""
# Of the school; with none, of the town.
STAFF = """
UNION ALL
SELECT count(*), max(greatest(a.updated_at, h.updated_at))
  FROM people_staffassignment a
  JOIN people_person h ON h.id = a.person_id
 WHERE a.school_id = %(school)s OR (%(school)s::uuid IS NULL AND a.role = ANY(%(municipal)s))
"""


def fingerprint(plan: ImportPlan, lines: Iterable[Any]) -> str:
    """Changes with any change of the school's classes, enrolments, pupils, persons or guardianships, and of those
    whom the lines to decide resemble.
    """
    asked = sorted(str(line.match_id) for line in lines if line.status == ImportLine.Status.TO_DECIDE)
    whom = (ASKED_PUPILS if plan.is_of_pupils else "") + (
        "" if plan.kind == ImportPlan.Kind.ONDE_PUPILS else ASKED_PEOPLE
    )
    facts = {
        "school": plan.school_id,
        "asked": [pk for pk in asked if pk != "None"],
        "municipal": [role.value for role in MUNICIPAL],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            SCHOOL + (STAFF if plan.is_of_staff or plan.kind == ImportPlan.Kind.AAF else "") + (whom if asked else ""),
            facts,
        )
        seen = [(count, last and last.isoformat()) for count, last in cursor.fetchall()]
    return hashlib.sha256(repr(seen).encode()).hexdigest()
