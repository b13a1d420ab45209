"""Half-days of school in a week: the two usual patterns as tables, and the words of a free one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# ISO day → half-day → [opens, closes], or nothing when the times are not told.
Week = dict[str, dict[str, list[str]]]
DAYS = {"1": _("lundi"), "2": _("mardi"), "3": _("mercredi"), "4": _("jeudi"), "5": _("vendredi"), "6": _("samedi")}
HALF_DAYS = {"am": _("matin"), "pm": _("après-midi")}

_FOUR_DAYS: Week = {day: {"am": [], "pm": []} for day in "1245"}
PATTERNS: dict[Any, Week] = {
    "eight_half_days": _FOUR_DAYS,
    "nine_half_days": {**_FOUR_DAYS, "3": {"am": []}},
}


def count(week: Week) -> int:
    return sum(len(halves) for halves in week.values())
