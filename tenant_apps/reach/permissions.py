"""Who sees which families hear nothing: those who know the families of a class."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.schools.models import SchoolClass


@predicate
def knows_families(user: Any, _obj: Any = None) -> bool:
    return SchoolClass.objects.families_open_to(user).exists()


RIGHTS = declare("reach", {"follow": knows_families})
