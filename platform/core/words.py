"""French typography: narrow spaces, dates and figures as a reader expects them."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.today import today

NARROW = "\u202f"  # narrow no-break space
NO_BREAK = "\u00a0"
FEW_YEARS = 2000  # days whose words are kept
_short_days: dict[tuple[date, int, str | None], str] = {}


def typeset(text: str) -> str:
    """What a person typed, with no-break spaces before « : ; ! ? % € » and inside guillemets, and the curly apostrophe.

    Our own sentences get theirs when the catalogue is compiled (`infra/catalogue.py`). An address (`https://`) and an
    hour (`8:30`) keep their colon.
    """
    text = text.replace("'", "’")
    text = re.sub(r"(?<=\S)[ \u00a0]*([;!?%€])(?=\W|$)", rf"{NARROW}\1", text)
    text = re.sub(r"(?<=[^\W\d_]|\d)[ \u00a0]*:(?=\s|$)", f"{NO_BREAK}:", text)
    text = re.sub(r"«\s*", f"«{NO_BREAK}", text)
    return re.sub(r"\s*»", f"{NO_BREAK}»", text)


def initials(name: str) -> str:
    """« Anne-Sophie Le Goff » gives AG: the first and the last word of a name, two letters at most."""
    words = re.findall(r"[^\W\d_]+", name)
    if not words:
        return ""
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in ends)


def as_day(value: Any) -> date:
    """The day in Europe/Paris of a date or of an aware moment."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _day_number(day: date) -> str:
    return _("1er") if day.day == 1 else str(day.day)


def day(value: Any) -> str:
    """« mardi 24 novembre », with the year when it is not this one."""
    d = as_day(value)
    words = f"{date_format(d, 'l')} {day_and_month(d)}"
    return words if d.year == today().year else f"{words} {d.year}"


def dated(value: Any) -> str:
    """« 1er septembre 2026 »: for a document, or a day that may be far."""
    return f"{day_and_month(value)} {as_day(value).year}"


def day_and_month(value: Any) -> str:
    """« 1er septembre »."""
    d = as_day(value)
    return f"{_day_number(d)} {date_format(d, 'F')}"


def short_day(value: Any) -> str:
    """« 24 nov. », with the year when it is not this one."""
    d, this_year = as_day(value), today().year
    said = d, this_year, get_language()
    if said not in _short_days:
        if len(_short_days) >= FEW_YEARS:
            _short_days.clear()
        words = f"{_day_number(d)}{NO_BREAK}{date_format(d, 'N')}"
        _short_days[said] = words if d.year == this_year else f"{words} {d.year}"
    return _short_days[said]


def clock(value: Any) -> str:
    """« 8 h 52 », « 18 h »."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    minutes = f"{NO_BREAK}{value.minute:02}" if value.minute else ""
    return f"{value.hour}{NO_BREAK}h{minutes}"


def moment(value: datetime) -> str:
    """« mardi 24 novembre, 18 h 12 »."""
    return _("%(day)s, %(clock)s") % {"day": day(value), "clock": clock(value)}


def due_word(value: Any) -> str:
    """The word above a due date in the margin: « demain », « avant le », « en retard »."""
    days = (as_day(value) - today()).days
    if days < 0:
        return _("en retard")
    if days > 1:
        return _("avant le")
    return _("demain") if days else _("aujourd’hui")


def past_word(value: Any) -> str:
    """The word above a past date: « aujourd’hui », « hier », « lundi », « le »."""
    d = as_day(value)
    days = (today() - d).days
    if days in (0, 1):
        return _("hier") if days else _("aujourd’hui")
    return date_format(d, "l") if 0 < days < 7 else _("le")


def before(value: Any) -> str:
    """« aujourd’hui », « avant demain », « avant le 30 nov. »: when something is asked for."""
    now = today()
    d = as_day(value)
    if d == now:
        return _("aujourd’hui")
    if d == now + timedelta(days=1):
        return _("avant demain")
    return _("avant le %(day)s") % {"day": short_day(d)}


def is_pressing(value: Any) -> bool:
    """Due tomorrow, today or earlier."""
    return as_day(value) <= today() + timedelta(days=1)


def figure(value: Any, decimals: int | None = None) -> str:
    """« 10 343 », « 39,8 »: decimal comma, narrow space between thousands from 1 000."""
    if value is None or value == "":
        return ""
    number = float(value)
    digits = (0 if number.is_integer() else 1) if decimals is None else int(decimals)
    return f"{number:,.{digits}f}".replace(",", NARROW).replace(".", ",")


def share(value: Any, total: Any, decimals: int = 1) -> str:
    """« 39,8 % » of a part in a whole; empty when the whole is nothing."""
    if not total:
        return ""
    return f"{figure(100 * float(value) / float(total), decimals)}{NARROW}%"


def file_size(size: int) -> str:
    """« 140 ko »: decimal units, as file managers count them."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}{NO_BREAK}ko"
    return f"{figure(size / 1_000_000)}{NO_BREAK}Mo"
