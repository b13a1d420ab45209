"""Who organises an outing, who signs for a child, who comes along."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.outings.models import Outing
from tenant_apps.schools.models import SchoolClass


@predicate
def has_classes(user: Any, _obj: Any = None) -> bool:
    return SchoolClass.objects.families_open_to(user).exists()


@predicate
def knows_class(user: Any, outing: Any) -> bool:
    return SchoolClass.objects.families_open_to(user).filter(pk=outing.school_class_id).exists()


@predicate
def is_author(user: Any, outing: Any) -> bool:
    return outing.author_id == user.pk


@predicate
def is_draft(_user: Any, outing: Any) -> bool:
    return outing.is_draft


@predicate
def is_to_come(_user: Any, outing: Any) -> bool:
    return outing.is_to_come


@predicate
def is_withdrawn(_user: Any, outing: Any) -> bool:
    return outing.is_withdrawn


@predicate
def is_asked(user: Any, outing: Any) -> bool:
    return Outing.objects.asked_of(user).filter(pk=outing.pk).exists()


is_under_way = ~is_draft & ~is_withdrawn & is_to_come
RIGHTS = declare(
    "outings",
    {
        "organise": has_classes,
        "write": knows_class,
        "change": is_author & is_draft & knows_class,
        "follow": ~is_draft & knows_class,
        # Its class's teachers and the head take papers in, remind, call the outing off.
        "settle": is_under_way & knows_class,
        "sign": is_under_way & is_asked,
        "come_along": is_under_way & is_asked,
    },
)
