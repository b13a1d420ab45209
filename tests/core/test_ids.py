"""Public identifiers: UUID version 7."""

import time
import uuid

from core.ids import uuid7


def test_an_identifier_is_a_version_7_uuid_of_the_standard_variant():
    value = uuid7()
    assert value.version == 7
    assert value.variant == uuid.RFC_4122


def test_an_identifier_begins_with_the_milliseconds_it_was_made_at():
    before = time.time_ns() // 1_000_000
    made_at = uuid7().int >> 80
    assert before <= made_at <= time.time_ns() // 1_000_000


def test_identifiers_do_not_repeat_and_tell_nothing_but_their_time():
    values = [uuid7() for _ in range(10_000)]
    assert len(set(values)) == 10_000
    # 74 random bits: each of them is 1 about half of the time.
    free = [0xFFF << 64, (1 << 62) - 1]
    for mask in free:
        for bit in range(128):
            if mask >> bit & 1:
                share = sum(value.int >> bit & 1 for value in values) / len(values)
                assert 0.4 < share < 0.6
