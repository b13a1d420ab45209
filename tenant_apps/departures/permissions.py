"""Who follows departures, and for whom one takes an archive away."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.departures.querysets import subjects_of
from tenant_apps.people.models import StaffAssignment


@predicate
def heads_or_serves_schools(user: Any, _obj: Any = None) -> bool:
    mine = StaffAssignment.objects.of(user).on()
    return mine.heading().exists() or mine.for_the_whole_commune().exists()


@predicate
def answers_for(user: Any, person: Any) -> bool:
    """Oneself, or the parental authority."""
    return subjects_of(user).filter(pk=person.pk).exists()


@predicate
def is_a_pupil(_user: Any, person: Any) -> bool:
    return hasattr(person, "pupil")


RIGHTS = declare(
    "departures",
    {"follow": heads_or_serves_schools, "ask_archive": answers_for & is_a_pupil},
)
