"""The chain: what breaks it shows, and the database refuses the runtime role what would break it."""

import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.audit.services import record
from shared_apps.audit.verification import Flaw, first_flaw, head
from tests.support.people import account


def acts(count: int = 5) -> None:
    for number in range(count):
        record(actor=None, action="test.acted", number=number)


# --- what an entry holds


def test_an_entry_says_who_did_what_to_which_object(in_narbonne):
    user = account()
    record(actor=user, action="accounts.seen", obj=user, role="head", count=3)
    entry = Entry.objects.get()
    assert (entry.actor_id, entry.action) == (user.pk, "accounts.seen")
    assert (entry.object_type, entry.object_id) == ("accounts.user", str(user.pk))
    assert entry.facts == {"role": "head", "count": 3}


@pytest.mark.parametrize("fact", ["Sophie Ferrer", "sophie@exemple.fr", "x" * 81, ["ok", "une phrase"], {"a": "b c"}])
def test_a_text_is_refused_and_leaves_no_entry(in_narbonne, fact):
    with pytest.raises(ValueError, match="no text"):
        record(actor=None, action="test.acted", fact=fact)
    assert not Entry.objects.exists()


def test_an_entry_goes_with_the_transaction_that_wanted_it(in_narbonne):
    class Abandoned(Exception):
        pass

    with pytest.raises(Abandoned), transaction.atomic():
        record(actor=None, action="test.acted")
        raise Abandoned
    assert not Entry.objects.exists()


# --- the chain


def test_a_chain_of_any_facts_holds_when_read_again(in_narbonne):
    acts()
    record(actor=None, action="test.acted", answers={"yes": 3}, roles=("head", "teacher"), nothing=None, on=True)
    assert first_flaw() is None
    assert head().sequence == 6


def test_each_commune_has_its_own_chain(narbonne, lezignan):
    for schema, count in (("c_11262", 2), ("c_11203", 3)):
        with in_schema(schema):
            acts(count)
    for schema, count in (("c_11262", 2), ("c_11203", 3)):
        with in_schema(schema):
            assert (head().sequence, first_flaw()) == (count, None)


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("schema", ["c_11262", "public"])
def test_the_database_refuses_to_change_or_erase_an_entry(db, schema, statement):
    with in_schema(schema):
        acts(1)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement.format("audit_entry"))
        assert Entry.objects.count() == 1


TAMPERINGS = {
    "a fact": ("UPDATE audit_entry SET facts = '{\"number\": 9}' WHERE sequence = 3", Flaw(3, "changed")),
    "the actor": ("UPDATE audit_entry SET actor_id = id WHERE sequence = 2", Flaw(2, "changed")),
    "the moment": ("UPDATE audit_entry SET at = at - interval '1 hour' WHERE sequence = 4", Flaw(4, "changed")),
    "one removed": ("DELETE FROM audit_entry WHERE sequence = 3", Flaw(3, "missing")),
    "the first removed": ("DELETE FROM audit_entry WHERE sequence = 1", Flaw(1, "missing")),
    "two exchanged": (
        "UPDATE audit_entry SET sequence = 99 WHERE sequence = 2;"
        "UPDATE audit_entry SET sequence = 2 WHERE sequence = 3;"
        "UPDATE audit_entry SET sequence = 3 WHERE sequence = 99",
        Flaw(2, "missing"),
    ),
    "the last removed": ("DELETE FROM audit_entry WHERE sequence = 5", Flaw(5, "cut")),
    "all removed": ("TRUNCATE audit_entry", Flaw(1, "cut")),
}


def as_owner(statement: str) -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_owner_of_the_tables_tampers_with_shows(own_database):
    for what, (statement, expected) in TAMPERINGS.items():
        with in_schema("c_11262"):
            as_owner("TRUNCATE audit_entry")
            acts()
            kept = head()
            as_owner(statement)
            assert first_flaw([kept]) == expected, what


def test_a_chain_written_anew_shows_against_a_head_kept_elsewhere(own_database):
    with in_schema("c_11262"):
        acts()
        kept = head()
        as_owner("TRUNCATE audit_entry")
        acts(7)
        assert first_flaw() is None
        assert first_flaw([kept]) == Flaw(5, "rewritten")


def test_writers_at_the_same_time_make_one_chain(own_database):
    def write(_turn: int) -> None:
        try:
            with in_schema("c_11262"):
                acts(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
    with in_schema("c_11262"):
        assert (head().sequence, first_flaw()) == (60, None)


# --- the command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_checks_every_chain_against_the_heads_kept(own_database, tmp_path):
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            acts(3)
    kept = tmp_path / "heads.jsonl"
    kept.write_text(run("heads"))
    assert [json.loads(line)["sequence"] for line in kept.read_text().splitlines()] == [3, 3]
    assert run("verify", "--kept", str(kept)).splitlines() == [
        "public : intact",
        "c_11203 : intact",
        "c_11262 : intact",
    ]

    with in_schema("c_11262"):
        as_owner("DELETE FROM audit_entry WHERE sequence = 3")
    assert run("verify", "--schema", "c_11262") == "c_11262 : intact\n"  # alone, a chain can't tell that it was cut
    with pytest.raises(CommandError, match="1 journal rompu"):
        run("verify", "--kept", str(kept))


def test_the_heads_leave_the_database_each_hour_with_the_log(in_narbonne, caplog, monkeypatch):
    acts(2)
    from shared_apps.audit.tasks import export_heads

    told = []
    waited = "shared_apps.audit.tasks.wait_for_the_disk"
    monkeypatch.setattr(waited, lambda: told.append("audit.head" in caplog.messages))
    with caplog.at_level("INFO"):
        export_heads.apply_async()
    assert told == [False]  # once, before the first: a sign-in may not be on the disk yet
    assert [(r.schema, r.sequence, r.hash) for r in caplog.records if r.msg == "audit.head"] == [
        ("c_11262", 2, head().hash)
    ]
