"""The day turns at midnight in Paris, whichever way the clock goes."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from core.today import today


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-27T22:59:59+00:00", date(2026, 11, 27)),
        ("2026-11-27T23:00:00+00:00", date(2026, 11, 28)),
        ("2026-07-01T21:59:59+00:00", date(2026, 7, 1)),
        ("2026-07-01T22:00:00+00:00", date(2026, 7, 2)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),  # a day of 25 hours
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),  # one of 23
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
    ],
)
def test_it_is_the_day_in_paris(moment, day):
    today()  # of the clock of this machine: kept until now
    with time_machine.travel(moment, tick=False):
        assert today() == day == timezone.localdate()
        assert today() == day
