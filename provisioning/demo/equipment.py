"""The digital equipment of the demo’s schools, drawn from their classes; the last one of a town waits to be counted."""

from tenant_apps.equipment.services import count_equipment
from tenant_apps.schools.models import School, SchoolClass


def seed() -> None:
    """In the current commune."""
    schools = list(School.objects.open().order_by("uai"))
    for number, school in enumerate(schools[:-1] if len(schools) > 2 else schools):
        classes = SchoolClass.objects.current().filter(school=school).count()
        if classes:
            count_equipment(actor=None, school=school, counts=_drawn(classes, number))


def _drawn(classes: int, number: int) -> dict[str, int]:
    screens = max(1, classes * (3 + number % 3) // 6)
    return {
        "desktop": 4 + 3 * (number % 4),
        "laptop": classes + 2,
        "tablet": 12 * (1 + number % 3),
        "mobile_class": number % 3,
        "screen": screens,
        "projector": max(0, classes - screens - 1),
        "equipped_class": classes - (1 if classes > 2 else 0),
        "connection": (30, 100, 300, 1000)[number % 4],
    }
