"""From a half-day to its neighbours: what the pages of attendance show on top."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenant_apps.attendance.half_days import Half, HalfDay


def asked_half_day(request: HttpRequest) -> HalfDay:
    """« ?jour=2026-11-23&demi=am »; what is no half-day is now."""
    now = HalfDay.now()
    return HalfDay.read(request.GET.get("jour", str(now.day)), request.GET.get("demi", now.half)) or now


def address(half_day: HalfDay) -> str:
    return "?jour={}&demi={}".format(*half_day.words)


def half_links(half_day: HalfDay, url: Callable[[HalfDay], str] = address) -> list[dict[str, Any]]:
    both = {Half.AM: _("Matin"), Half.PM: _("Après-midi")}
    return [
        {"label": label, "url": url(HalfDay(half_day.day, half)), "current": half == half_day.half}
        for half, label in both.items()
    ]


def day_links(half_day: HalfDay) -> dict[str, str]:
    before, after = (HalfDay(half_day.day + timedelta(days=n), half_day.half) for n in (-1, 1))
    return {"before": address(before), "after": "" if after.day > HalfDay.now().day else address(after)}
