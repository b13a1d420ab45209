"""Time as the assistance counts it."""

from datetime import datetime

import pytest
from django.utils import timezone

from shared_apps.support.figures import in_words
from shared_apps.support.hours import due_after, worked_minutes


def paris(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-24 09:00", "2026-11-24 09:45", 45),
        ("2026-11-24 17:30", "2026-11-25 08:30", 60),  # the night does not count
        ("2026-11-27 17:00", "2026-11-30 09:00", 120),  # nor the weekend
        ("2026-11-28 10:00", "2026-11-29 20:00", 0),
        ("2026-11-24 06:00", "2026-11-24 22:00", 600),
        ("2026-10-23 17:00", "2026-10-26 09:00", 120),  # the clocks change in between
    ],
)
def test_nights_and_weekends_are_not_counted(start, end, minutes):
    assert worked_minutes(paris(start), paris(end)) == minutes


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-24 09:00", 120, "2026-11-24 11:00"),
        ("2026-11-24 17:00", 120, "2026-11-25 09:00"),
        ("2026-11-27 17:00", 600, "2026-11-30 17:00"),
        ("2026-11-28 12:00", 120, "2026-11-30 10:00"),
        ("2026-11-24 03:00", 600, "2026-11-24 18:00"),
    ],
)
def test_what_is_due_falls_in_worked_time(start, minutes, due):
    moment = due_after(paris(start), minutes)
    assert moment == paris(due)
    assert worked_minutes(paris(start), moment) == minutes


@pytest.mark.parametrize(
    ("minutes", "words"), [(None, "—"), (45, "45 min"), (200, "3 h 20"), (120, "2 h"), (600, "1 j"), (900, "1,5 j")]
)
def test_delays_are_said_in_words(minutes, words):
    assert in_words(minutes) == words
