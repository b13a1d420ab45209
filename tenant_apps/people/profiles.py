"""What a person is in the commune, from their relations of the day: never a column that could go stale."""

from typing import Any

from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment

ACADEMY = "academy"
# In this order when a person has several: work first.
PROFILES = ("head", "teacher", "municipal", "guardian", "pupil")
_BY_ROLE = (
    dict.fromkeys((*StaffAssignment.TEACHING, StaffAssignment.Role.SUPPORT_ASSISTANT), "teacher")
    | dict.fromkeys(StaffAssignment.MUNICIPAL, "municipal")
    | {StaffAssignment.Role.HEAD: "head"}
)


def profiles_of(user: Any) -> tuple[str, ...]:
    """One query, a union of three."""
    staff = StaffAssignment.objects.of(user).on().order_by().values_list("role", flat=True)
    guardian = Guardianship.objects.current().filter(guardian__account=user).order_by().values_list("kinship")
    pupil = Enrollment.objects.on().filter(pupil__person__account=user).order_by().values_list("grade")
    found = set()
    for table, value in _union(staff, guardian, pupil):
        found.add(_BY_ROLE[value] if table == "staff" else table)
    return tuple(profile for profile in PROFILES if profile in found)


def _union(staff: Any, guardian: Any, pupil: Any) -> Any:
    from django.db.models import CharField, Value

    def named(rows: Any, name: str, column: str) -> Any:
        return rows.values_list(Value(name, output_field=CharField()), column)

    return named(staff, "staff", "role").union(named(guardian, "guardian", "kinship"), named(pupil, "pupil", "grade"))
