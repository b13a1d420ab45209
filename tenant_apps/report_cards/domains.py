"""The domains of a report, by cycle of the pupil, and their sub-domains.

Sources: arrêté du 31 décembre 2015 (contents of the livret scolaire), annexes 1 and 2; programmes of cycles 2 and 3.
"""

import json
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from tenant_apps.schools.models import Grade

DOMAINS = {
    "FRENCH": _("Français"),
    "MATHS": _("Mathématiques"),
    "MODERN_LANGUAGE": _("Langue vivante"),
    "PE": _("Éducation physique et sportive"),
    "ARTS": _("Enseignements artistiques"),
    "QUESTIONING_WORLD": _("Questionner le monde"),
    "SCIENCE_TECH": _("Sciences et technologie"),
    "HISTORY_GEO": _("Histoire et géographie"),
    "CIVICS": _("Enseignement moral et civique"),
}
BY_CYCLE = {
    2: ("FRENCH", "MATHS", "MODERN_LANGUAGE", "PE", "ARTS", "QUESTIONING_WORLD", "CIVICS"),
    3: ("FRENCH", "MATHS", "MODERN_LANGUAGE", "PE", "ARTS", "SCIENCE_TECH", "HISTORY_GEO", "CIVICS"),
}
# By domain, code and name: words of the programmes, in French whatever the interface.
PARTS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "subdomains.json").read_text("utf-8"))
# Cycle 1 has a notebook and a summary of its own, outside the report.
GRADES_OF = {cycle: tuple(grade for grade in Grade.values if Grade(grade).cycle == cycle) for cycle in BY_CYCLE}
GRADES = tuple(grade for grades in GRADES_OF.values() for grade in grades)


def domains_of(grade: str) -> tuple[str, ...]:
    """The cycle is the pupil's, in a class of several grades too."""
    return BY_CYCLE.get(Grade(grade).cycle, ())


def domains_of_grades(grades: set[str]) -> list[str]:
    """Those of a class, each once, in the order of the programmes."""
    taught = {domain for grade in grades for domain in domains_of(grade)}
    return [domain for domain in DOMAINS if domain in taught]
