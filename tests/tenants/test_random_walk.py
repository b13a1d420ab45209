"""Ten thousand random steps on several communes at once, and the same on an engine that is known to be wrong."""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections

from tenants.db.base import DatabaseWrapper
from tests.support.walk import TABLE, Walk, role_of

THREADS = 2
# Only what fails on purpose, or holds what fails on purpose, may raise.
ERRORS_SOUGHT = {"fail_in_sql", "enter", "begin"}


@pytest.fixture
def seed() -> str:
    """Another walk at each run; `ENT_WALK_SEED` repeats one."""
    seed = os.environ.get("ENT_WALK_SEED") or secrets.token_hex(8)
    print(f"ENT_WALK_SEED={seed}")  # noqa: T201
    return seed


@pytest.fixture
def world(own_database: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The two communes, two more, and the academy, each with its table."""
    more = [f"c_walk_{n}" for n in (1, 2)]
    schemas = ["public", "c_11262", "c_11203", *more]
    owner = psycopg2.connect(**_owner_of(own_database))
    owner.autocommit = True
    cursor = owner.cursor()
    for schema in more:
        cursor.execute(f"CREATE ROLE {schema} NOLOGIN; GRANT {schema} TO ent_app; CREATE SCHEMA {schema}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {schema}")
    for schema in schemas:
        cursor.execute(f"SET search_path = {schema}; {TABLE.format(name=schema, role=role_of(schema))}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON walk_row TO {role_of(schema)}")
    yield own_database | {"schemas": schemas, "owner": cursor}
    connection.close()
    for schema in more:
        cursor.execute(f"DROP SCHEMA {schema} CASCADE; DROP ROLE {schema}")
    owner.close()


def _owner_of(database: dict[str, Any]) -> dict[str, Any]:
    from config.settings import env

    return env.database(database["owner_url"]) | {"dbname": database["name"]}


class SkippingWrapper(DatabaseWrapper):
    """The tempting shortcut: session-level settings, sent only when the commune changes. It must be found out."""

    told: str | None = None

    def message_prefix(self) -> str:
        if self.told == self.schema_name:
            return ""
        self.told = self.schema_name
        return f"{self.session_prefix()};"

    def connect(self) -> None:
        self.told = None
        super().connect()


def walk_in_threads(world: dict[str, Any], seed: str, steps: int, engine: type[DatabaseWrapper]) -> list[Walk]:
    def one(number: int) -> Walk:
        connections["default"] = engine(connections.settings["default"])
        return Walk(world["schemas"], f"{seed}-{number}", steps // THREADS, world["superuser_url"], world["name"]).run()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def rows_out_of_place(world: dict[str, Any]) -> Counter[str]:
    """Rows that lie elsewhere than they say: looked at by the owner, at the end."""
    found: Counter[str] = Counter()
    for schema in world["schemas"]:
        world["owner"].execute(
            f"""SELECT owner FROM {schema}.walk_row WHERE owner <> %s OR role_at_write <> %s
                OR schema_at_write <> %s AND id > 20""",
            [schema, role_of(schema), schema],
        )
        found.update(f"{owner} in {schema}" for (owner,) in world["owner"].fetchall())
    return found


@pytest.mark.parametrize(("renew_after", "steps"), [(50, 6_000), (2, 5_000)])
def test_no_step_ever_reaches_another_commune(world, seed, settings, renew_after, steps):
    settings.ENT_SESSION_TABLES = renew_after
    walks = walk_in_threads(world, seed, steps, DatabaseWrapper)
    assert [walk.wrong for walk in walks] == [[], []], f"ENT_WALK_SEED={seed}"
    assert rows_out_of_place(world) == Counter(), f"ENT_WALK_SEED={seed}"
    assert {act for walk in walks for act in walk.failed} <= ERRORS_SOUGHT, f"ENT_WALK_SEED={seed}"
    done = sum((walk.done for walk in walks), Counter())
    assert sum(done.values()) >= steps
    assert set(done) == {act.__name__ for act in walks[0].acts}, "an act was never tried"


def test_the_walk_finds_an_engine_that_skips_what_it_believes_unchanged(world, seed):
    walks = walk_in_threads(world, seed, 3_000, SkippingWrapper)
    assert sum(len(walk.wrong) for walk in walks) > 0, f"ENT_WALK_SEED={seed}"
    assert sum(walk.foreign_rows for walk in walks) > 0, f"ENT_WALK_SEED={seed}"
