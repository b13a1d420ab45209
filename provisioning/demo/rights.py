"""One school has opened its parents to each other, class by class; the others keep the usual rules."""

from typing import Any

from shared_apps.bounds.vocabulary import Cell, Scope
from tenant_apps.people.models import StaffAssignment
from tenant_apps.rights import services
from tenant_apps.rights.models import SchoolRule


def seed(school: Any) -> None:
    """Safe to repeat."""
    heading = StaffAssignment.objects.on().heading().filter(school=school, person__account__isnull=False)
    head = heading.select_related("person__account").first()
    if head is None or SchoolRule.objects.filter(school=school).exists():
        return
    cells = ("guardian.guardian.see", "guardian.guardian.write", "guardian.assistant.write")
    services.change_rules(
        actor=head.person.account, school=school, wanted={Cell.of(code): Scope.CLASS for code in cells}
    )
