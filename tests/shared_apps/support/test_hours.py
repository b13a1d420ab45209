"""Time as the assistance counts it."""

from datetime import datetime

import pytest
from django.utils import timezone

from shared_apps.reference import loading
from shared_apps.support.figures import in_words
from shared_apps.support.hours import due_after, worked_minutes


def paris(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


pytestmark = pytest.mark.django_db


@pytest.fixture
def zone_c(db):
    """The calendar that is shipped."""
    loading.apply(loading.compare(loading.KINDS["calendar"]))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-10 17:00", "2026-11-12 09:00", 120),  # the 11th
        ("2026-10-16 17:00", "2026-11-02 09:00", 120),  # Toussaint
        ("2027-05-05 17:00", "2027-05-10 09:00", 120),  # Ascension and its bridge
        ("2026-08-31 17:00", "2026-09-01 09:00", 60),  # the first day of school is one of school
    ],
)
def test_days_without_class_are_not_counted(zone_c, start, end, minutes):
    assert worked_minutes(paris(start), paris(end)) == minutes


def test_an_answer_given_in_the_holidays_took_the_days_that_it_took(zone_c):
    assert worked_minutes(paris("2026-10-16 17:00"), paris("2026-10-20 09:00")) == 60 + 600 + 60


def test_what_is_asked_before_a_holiday_is_due_after_it(zone_c):
    assert due_after(paris("2026-11-10 17:00"), 120) == paris("2026-11-12 09:00")
    assert due_after(paris("2027-07-02 17:00"), 120) == paris("2027-09-01 09:00")


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
