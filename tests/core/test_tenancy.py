"""The one door by which code changes commune."""

import threading

import pytest
from django.db import connection, utils

from core.errors import NotInACommune
from core.tenancy import current_schema, each_commune, in_public, in_schema, is_public, require_commune
from shared_apps.accounts.models import User


def test_contexts_nest_and_come_back():
    with in_schema("c_11262"):
        with in_schema("c_11203"):
            assert current_schema() == "c_11203"
            with in_public():
                assert is_public()
            assert current_schema() == "c_11203"
        assert current_schema() == "c_11262"
    assert is_public()


def test_an_exception_brings_back_where_we_were():
    with in_schema("c_11262"):
        with pytest.raises(ZeroDivisionError), in_schema("c_11203"):
            raise ZeroDivisionError
        assert current_schema() == "c_11262"


def test_code_of_a_commune_says_that_there_is_none():
    with pytest.raises(NotInACommune):
        require_commune()
    with in_schema("c_11262"):
        assert require_commune() == "c_11262"


def test_two_threads_do_not_share_a_commune():
    inside, seen = threading.Barrier(2), {}

    def work(schema: str) -> None:
        for _ in range(50):
            with in_schema(schema):
                inside.wait()
                seen.setdefault(schema, set()).add(current_schema())
        seen[schema].add(current_schema())

    threads = [threading.Thread(target=work, args=[schema]) for schema in ("c_11262", "c_11203")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"c_11262": {"c_11262", "public"}, "c_11203": {"c_11203", "public"}}


def test_the_context_of_the_library_is_refused(narbonne):
    with pytest.raises(TypeError, match="in_schema"), narbonne:
        pass


def test_a_queryset_evaluated_after_its_context_does_not_answer_for_another_commune(in_narbonne):
    with in_schema("c_11203"):
        late = User.objects.all()
        User.objects.create(identifier="l", first_name="L", last_name="L", password="!")
    assert not late.exists(), "it reads where it is evaluated: nothing of the other commune comes out"


def test_a_loop_over_communes_renews_its_session(own_database, settings):
    settings.ENT_SESSION_TABLES = 2
    backends = []
    for schema in each_commune(["c_11262", "c_11203", "public"] * 4):
        with in_schema(schema), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid() FROM django_session RIGHT JOIN (SELECT 1) one ON true")
            backends.append(cursor.fetchone()[0])
    assert [len(set(backends[n : n + 3])) for n in range(0, 12, 3)] == [1, 1, 1, 1]
    assert len(set(backends)) == 4


def test_a_loop_left_half_way_stays_in_no_commune(db):
    for schema in each_commune(["c_11262", "c_11203"]):
        with in_schema(schema):
            break
    assert is_public()
    with pytest.raises(utils.ProgrammingError):
        for schema in each_commune(["c_11262"]):
            with in_schema(schema), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM no_such_table")
    assert is_public()
