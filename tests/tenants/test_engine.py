"""The database engine: which schema a statement reaches."""

import pytest
from django.db import connection, utils

from core.tenancy import in_schema
from shared_apps.accounts.models import User
from tenants.models import Commune
from tenants.names import is_schema_name


def path_and_role() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_setting('search_path'), current_user")
        return cursor.fetchone()


@pytest.mark.django_db
def test_a_statement_carries_the_role_and_the_path_of_its_commune(narbonne):
    with in_schema(narbonne.schema_name):
        assert path_and_role() == ("c_11262", "c_11262, extensions", "c_11262")
    assert path_and_role() == ("public", "public, extensions", "academy")


@pytest.mark.django_db
def test_a_public_table_read_from_a_commune_is_an_error(narbonne):
    with in_schema(narbonne.schema_name), pytest.raises(utils.ProgrammingError):
        list(Commune.objects.all())


@pytest.mark.django_db
def test_two_communes_do_not_share_accounts(narbonne, lezignan):
    with in_schema(narbonne.schema_name):
        User.objects.create(identifier="s.ferrer", first_name="Sophie", last_name="Ferrer", password="!")
    with in_schema(lezignan.schema_name):
        assert not User.objects.exists()


@pytest.mark.parametrize("name", ["c_1'", 'c_1"', "C_1", "c_é", "c_1\n", "pg_x", "", "c_", "c_" + "1" * 49])
def test_a_schema_name_never_carries_sql(name):
    assert not is_schema_name(name)
