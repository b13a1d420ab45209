from typing import Any

from django.db.models import QuerySet
from rules import predicate

from core.permissions import declare
from tenant_apps.people.permissions import serves_the_commune
from tenant_apps.schools.models import School


def counted_by(user: Any) -> QuerySet[School]:
    """The town owns the equipment, the head has it before their eyes: both count it."""
    return School.objects.all() if serves_the_commune(user) else School.objects.headed_by(user)


@predicate
def counts(user: Any, school: School) -> bool:
    return counted_by(user).filter(pk=school.pk).exists()


@predicate
def works_in_a_school(user: Any, _obj: Any = None) -> bool:
    return School.objects.worked_in_by(user).exists()


RIGHTS = declare("equipment", {"view_equipment": works_in_a_school, "change_equipment": counts})
