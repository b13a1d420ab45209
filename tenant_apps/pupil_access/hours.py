"""Half-days: until when a class may be open, when a pupil's session ends."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.registry import AccountFacts
from core.words import clock

# Code de l'éducation D521-10: 5 h 30 a day at most, a break of 1 h 30 at noon. A margin is left to the slow.
HALF_DAYS_END = (time(12, 30), time(17, 0))
AFTER_SCHOOL = timedelta(hours=2)  # homework at home, the study room
MINUTES = (30, 60, 90)
END_OF_HALF_DAY = "half-day"


@dataclass(frozen=True, slots=True)
class Duration:
    value: str
    label: str
    detail: str


def end_of_half_day(now: datetime | None = None) -> datetime | None:
    """Of the morning or of the afternoon; None in the evening."""
    here = timezone.localtime(now)
    ends = (here.replace(hour=t.hour, minute=t.minute, second=0, microsecond=0) for t in HALF_DAYS_END)
    return next((end for end in ends if end > here), None)


def session_end(now: datetime | None = None) -> datetime:
    """When a pupil who comes in now is signed out."""
    now = now or timezone.now()
    return end_of_half_day(now) or now + AFTER_SCHOOL


def session_limit(facts: AccountFacts) -> datetime | None:
    """For every way of signing in: a pupil's session ends with the half-day. None for the others."""
    return session_end() if facts.is_pupil else None


def durations(now: datetime | None = None) -> list[Duration]:
    now = now or timezone.now()
    found = [Duration(str(n), _("%(n)s minutes") % {"n": n}, _until(now + timedelta(minutes=n))) for n in MINUTES]
    if end := end_of_half_day(now):
        is_morning = timezone.localtime(end).time() == HALF_DAYS_END[0]
        label = _("Toute la matinée") if is_morning else _("Toute l’après-midi")
        found.append(Duration(END_OF_HALF_DAY, label, _until(end)))
    return found


def closing_time(duration: str, now: datetime) -> datetime:
    """Raises DomainError for a duration that was not offered."""
    if duration in map(str, MINUTES):
        return now + timedelta(minutes=int(duration))
    end = end_of_half_day(now) if duration == END_OF_HALF_DAY else None
    if end is None:
        raise DomainError(_("Choisissez pour combien de temps."), code="duration")
    return end


def _until(moment: datetime) -> str:
    return _("jusqu’à %(clock)s") % {"clock": clock(moment)}
