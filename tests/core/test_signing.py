"""What one commune signs, another can't read."""

import pytest
from django.core.signing import BadSignature, SignatureExpired

from core.signing import dumps, loads
from core.tenancy import in_schema


def test_a_signed_value_is_read_where_it_was_signed():
    with in_schema("c_11262"):
        assert loads(dumps({"id": 1}, purpose="file"), purpose="file") == {"id": 1}


@pytest.mark.parametrize("elsewhere", ["c_11203", "public"])
def test_a_value_signed_in_a_commune_is_refused_elsewhere(elsewhere):
    with in_schema("c_11262"):
        token = dumps({"id": 1}, purpose="file")
    with in_schema(elsewhere), pytest.raises(BadSignature):
        loads(token, purpose="file")


def test_a_value_signed_for_one_purpose_is_refused_for_another():
    with in_schema("c_11262"):
        token = dumps({"id": 1}, purpose="file")
        with pytest.raises(BadSignature):
            loads(token, purpose="code")


def test_a_purpose_cannot_pretend_to_be_another_commune():
    with in_schema("c_11262"):
        token = dumps(1, purpose="c_11203:file")
    with in_schema("c_11203"), pytest.raises(BadSignature):
        loads(token, purpose="file")


def test_a_signed_value_grows_old(time_machine):
    time_machine.move_to("2026-11-24 10:00 +0000")
    with in_schema("c_11262"):
        token = dumps(1, purpose="file")
        time_machine.move_to("2026-11-24 10:05:01 +0000")
        with pytest.raises(SignatureExpired):
            loads(token, purpose="file", max_age=300)
