"""Accounts as an import or a page makes them: identifiers, codes, no password yet."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.tenancy import in_schema
from shared_apps.accounts import codes, services
from shared_apps.accounts.models import User
from shared_apps.accounts.services import NewAccount, create_account, create_accounts, insert_accounts
from shared_apps.audit.models import Entry
from tests.support.people import account


@pytest.mark.parametrize(
    ("first_name", "last_name", "identifier"),
    [
        ("Sophie", "Ferrer", "sophie.ferrer"),
        ("Élodie", "MARTÍNEZ", "elodie.martinez"),
        ("Anne-Lise", "Le Goff", "anne-lise.le-goff"),
        ("Maël", "d’Œuvre", "mael.d-oeuvre"),
        ("  Jean ", "O'Brien", "jean.o-brien"),
        ("Léa", "", "lea"),
        ("李", "王", "compte"),
        ("X" * 90, "Y" * 90, "x" * 35 + "." + "y" * 35),
    ],
)
def test_an_identifier_is_the_first_name_and_the_name_folded(in_narbonne, first_name, last_name, identifier):
    assert create_account(first_name=first_name, last_name=last_name).identifier == identifier


def test_homonyms_get_numbers_in_a_batch_and_over_time(in_narbonne):
    account("ines.roux")
    account("ines.roux-martin")
    made = create_accounts([NewAccount("Inès", "Roux"), NewAccount("INES", "roux"), NewAccount("Tom", "Roux")])
    assert [user.identifier for user in made] == ["ines.roux2", "ines.roux3", "tom.roux"]
    assert create_account(first_name="Inès", last_name="Roux").identifier == "ines.roux4"


def test_the_same_person_in_two_communes_has_two_accounts(narbonne, lezignan):
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            assert create_account(first_name="Inès", last_name="Roux").identifier == "ines.roux"


def test_six_hundred_accounts_are_one_insert(in_narbonne):
    rows = [NewAccount("Inès", f"Roux {number % 290}") for number in range(600)]
    with CaptureQueriesContext(connection) as queries:
        made = insert_accounts(rows)
    inserts = [query["sql"] for query in queries if "INSERT" in query["sql"]]
    assert len(inserts) == 1
    assert len(queries) <= 4  # savepoint, identifiers taken, INSERT
    assert len(set(made)) == User.objects.values("identifier").distinct().count() == 600


def test_nobody_can_enter_before_they_chose_a_password(in_narbonne):
    first, second = create_accounts([NewAccount("Inès", "Roux"), NewAccount("Tom", "Roux")])
    assert not is_password_usable(first.password)
    assert first.password != second.password  # what a session's hash leans on
    assert first.get_session_auth_hash() != second.get_session_auth_hash()


@pytest.mark.parametrize("values", [{"password": ""}, {"identifier": "Sophie Ferrer"}, {"identifier": ".ferrer"}])
def test_the_database_refuses_a_blank_password_and_a_strange_identifier(in_narbonne, values):
    user = account()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**values)


def test_two_imports_at_once_take_no_identifier_twice(own_database):
    together = Barrier(2)

    def work(_turn: int) -> list[str]:
        try:
            with in_schema("c_11262"):
                together.wait(30)
                return [user.identifier for user in create_accounts([NewAccount("Inès", "Roux")] * 40)]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        found = [name for names in threads.map(work, range(2)) for name in names]
    assert len(set(found)) == 80


# --- codes


def test_a_code_is_eight_letters_that_nobody_confuses(in_narbonne):
    for user in create_accounts([NewAccount("Inès", "Roux")] * 50):
        code = services.activation_code(user)
        assert len(code) == 9 and code[4] == "-"
        assert set(code) - {"-"} <= set(codes.ALPHABET)
    assert not set("01OILU") & set(codes.ALPHABET)
    assert len(set(codes.ALPHABET)) == 30


def test_a_sheet_prints_again_with_the_same_code(in_narbonne):
    user = create_account(first_name="Inès", last_name="Roux")
    assert services.activation_code(User.objects.get()) == services.activation_code(user)


def test_a_code_depends_on_its_commune_its_account_its_generation_and_our_key(in_narbonne, settings):
    user = create_account(first_name="Inès", last_name="Roux")
    found = {codes.code_of(user)}
    found.add(codes.code_of(create_account(first_name="Tom", last_name="Roux")))
    found.add(codes.code_of(User(pk=user.pk, code_generation=user.code_generation + 1)))
    with in_schema("c_11203"):
        found.add(codes.code_of(user))
    settings.SECRET_KEY = "another" + "k" * 50
    found.add(codes.code_of(user))
    assert len(found) == 5


def test_printing_the_sheets_gives_their_codes_fourteen_days(in_narbonne, django_assert_num_queries):
    waiting, used = create_accounts([NewAccount("Inès", "Roux"), NewAccount("Tom", "Roux")])
    actor = account("directrice")
    code = services.activation_code(waiting)
    services.activate(code=services.activation_code(used), password="une phrase que je retiens")
    User.objects.update(code_expires_at="2026-01-01T00:00Z")
    assert services.publish_codes(actor=actor, users=[waiting, used]) == 1
    waiting.refresh_from_db(), used.refresh_from_db()
    assert waiting.has_live_code and services.activation_code(waiting) == code
    assert used.code_expires_at.year == 2026 and used.code_expires_at.month == 1
    entry = Entry.objects.get(action="accounts.codes_published")
    assert (entry.actor_id, entry.facts) == (actor.pk, {"accounts": 1})
