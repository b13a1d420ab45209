"""Only values whose form names nobody leave."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.observability import scrub

NAMES_NOBODY = ["c_11262", "public", "POST", "tenants.models.Commune", 7, True, None, 0.25]
NAMES_SOMEBODY = [
    "Zoé Ferrer",
    "s.ferrer",
    "Ferrer",
    "zoe@example.org",
    "06 12 34 56 78",
    "0193a1c2",
    "eyJhbGciOi.J9",
    b"Zoe",
    ["Zoé"],
    object(),
]


@pytest.mark.parametrize("value", NAMES_NOBODY)
def test_a_value_that_names_nobody_is_kept(value):
    assert scrub.clean(value) == value


@pytest.mark.parametrize("value", NAMES_SOMEBODY)
def test_any_other_value_is_hidden(value):
    assert scrub.clean(value) == "*"


@given(st.text(min_size=1))
def test_free_text_never_comes_through_an_argument(text):
    if not scrub._KNOWN.fullmatch(text):
        assert scrub.message("note.sent %s", (text,)) == "note.sent *"


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Invalid HTTP_HOST header: 'zoe.example.org'.", "Invalid HTTP_HOST header: *."),
        ("Not Found: /x/?name=Zoe", "Not Found: /x/*"),
        ("sent to zoe@example.org today", "sent to * today"),
        ("code 8F3K-22QX-7PLM used", "code * used"),
        ("pupil 120034567AB left", "pupil * left"),
        ("celery@pod-1 ready.", "* ready."),
        ("note 0193a1c2-0000-7000-8000-000000000001 kept", "note 0193a1c2-0000-7000-8000-000000000001 kept"),
    ],
)
def test_a_library_s_sentence_loses_what_it_quotes(sentence, kept):
    assert scrub.scrub(sentence) == kept


def test_a_number_format_with_a_hidden_value_does_not_break_the_line():
    assert scrub.message("took %d", ("Zoé",)) == "took %d"


def test_unknown_facts_are_left_out_and_named():
    note = uuid.uuid4()
    kept = scrub.fields({"object_id": note, "email": "zoe@example.org", "status": "Zoé", "ms": 3.5})
    assert kept == {"object_id": str(note), "ms": 3.5, "dropped": ["email", "status"]}


@pytest.mark.parametrize("name", sorted(scrub.FIELDS))
@pytest.mark.parametrize("value", ["Zoé Ferrer", "zoe@example.org", "a sentence of a message.", ["x"], {"a": 1}])
def test_no_fact_accepts_free_text(name, value):
    assert not scrub.FIELDS[name](value)


def test_an_exception_is_told_without_its_message():
    try:
        try:
            raise KeyError("Zoé")
        except KeyError as error:
            raise ValueError("zoe@example.org") from error
    except ValueError as error:
        told = scrub.describe(error)
    assert told["error"] == "ValueError"
    assert told["causes"] == ["KeyError"]
    assert told["trace"][0].startswith("core/observability/test_scrub.py:")
    assert "Zo" not in str(told)
    assert "zoe" not in str(told)
