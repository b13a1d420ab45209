from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from core.checks import OURS

# Three calendar months are 89 days at the shortest (1 February to 1 May, of a common year): one day is kept in hand.
LATEST = 88


@register(OURS, Tags.security)
def erasure_comes_within_three_months(**kwargs: Any) -> list[Error]:
    """Arrêté du 30 novembre 2006, art. 6; and the last warning comes before."""
    day, warnings = settings.ENT_ERASURE_DAY, settings.ENT_DEPARTURE_WARNINGS
    if day > LATEST:
        return [Error(f"ENT_ERASURE_DAY is {day}: the law gives three months, hence {LATEST} at most.", id="ent.E020")]
    if not warnings or list(warnings) != sorted(set(warnings)) or warnings[0] < 0 or warnings[-1] >= day:
        return [Error("ENT_DEPARTURE_WARNINGS must grow, and end before ENT_ERASURE_DAY.", id="ent.E021")]
    return []
