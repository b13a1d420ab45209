"""French as a reader expects it."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from core import words

TUESDAY = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Qui es-tu ?", "Qui es-tu\u202f?"),
        ("Trajet : à pied", "Trajet\u00a0: à pied"),
        ("Attention!", "Attention\u202f!"),
        ("50 %", "50\u202f%"),
        ("« Le Cancre »", "«\u00a0Le Cancre\u00a0»"),
        ("l'école", "l’école"),
        ("https://narbonne.localhost", "https://narbonne.localhost"),
        ("8:30", "8:30"),
    ],
)
def test_spaces_and_apostrophes_are_french(typed, printed):
    assert words.typeset(typed) == printed


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Sophie Ferrer", "SF"), ("Anne-Sophie Le Goff", "AG"), ("Élodie", "É"), ("", ""), ("—", "")],
)
def test_initials_are_two_letters_at_most(name, letters):
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("due", "word", "day"),
    [
        (date(2026, 11, 20), "en retard", "20\u00a0nov."),
        (date(2026, 11, 24), "aujourd’hui", "24\u00a0nov."),
        (date(2026, 11, 25), "demain", "25\u00a0nov."),
        (date(2026, 12, 4), "avant le", "4\u00a0déc."),
        (date(2027, 1, 1), "avant le", "1er\u00a0jan. 2027"),
    ],
)
def test_a_due_date_is_said_in_two_words(due, word, day):
    assert (words.due_word(due), words.short_day(due)) == (word, day)


@pytest.mark.parametrize(
    ("past", "word"),
    [
        (date(2026, 11, 24), "aujourd’hui"),
        (date(2026, 11, 23), "hier"),
        (date(2026, 11, 20), "vendredi"),
        (date(2026, 11, 2), "le"),
    ],
)
def test_a_past_date_is_near_or_far(past, word):
    assert words.past_word(past) == word


def test_a_day_and_a_moment_are_written_in_full():
    assert words.day(date(2026, 12, 1)) == "mardi 1er décembre"
    assert words.day(date(2027, 1, 4)) == "lundi 4 janvier 2027"
    assert words.moment(datetime(2026, 11, 24, 17, 12, tzinfo=UTC)) == "mardi 24 novembre, 18\u00a0h\u00a012"
    assert words.clock(time(18, 0)) == "18\u00a0h"


def test_a_day_is_the_one_of_paris():
    assert words.as_day(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == date(2026, 11, 25)


def test_what_is_due_is_said_before_when():
    assert words.before(date(2026, 11, 25)) == "avant demain"
    assert words.before(date(2026, 11, 30)) == "avant le 30\u00a0nov."
    assert words.is_pressing(date(2026, 11, 25))
    assert not words.is_pressing(date(2026, 11, 26))


@pytest.mark.parametrize(
    ("value", "printed"),
    [(10343, "10\u202f343"), (39.8, "39,8"), (0, "0"), (None, ""), ("", ""), (1852.0, "1\u202f852")],
)
def test_figures_are_french(value, printed):
    assert words.figure(value) == printed


def test_a_share_has_its_percent_or_nothing():
    assert words.share(384, 964) == "39,8\u202f%"
    assert words.share(3, 0) == ""


def test_a_file_has_a_readable_size():
    assert words.file_size(140_200) == "140\u00a0ko"
    assert words.file_size(1_500_000) == "1,5\u00a0Mo"
