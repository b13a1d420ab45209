"""A random walk through everything that could make a database session forget its commune.

Each commune of the walk has a table `walk_row` whose rows tell their owner, and, by a default of the column, the schema
and the role that wrote them: what a row says and where it lies must agree, whatever path led there.
"""

import io
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from django.db import Error as DatabaseError
from django.db import connection, transaction

from core.postponed import Postponed
from core.tenancy import in_schema

TABLE = """
CREATE TABLE walk_row (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL,
    schema_at_write text DEFAULT current_schema(), role_at_write text DEFAULT current_user
);
INSERT INTO walk_row (owner, role_at_write) SELECT '{name}', '{role}' FROM generate_series(1, 20);
"""


def role_of(schema: str) -> str:
    return "academy" if schema == "public" else schema


class StrayedError(AssertionError):
    """The walk met a schema, a path, a role or a row that is not the expected one."""


class ThrownError(Exception):
    """What the walk throws at its own blocks."""


@dataclass
class Reading:
    """A cursor half-read, with the commune and the session that opened it."""

    cursor: Any
    owner: str
    session: Any


@dataclass
class Level:
    """What dies with the transaction (or the savepoint) it was opened in."""

    readings: list[Reading] = field(default_factory=list)


class Walk:
    """`steps` random acts on this thread's connection. `wrong` collects what was not as expected."""

    MAX_DEPTH = 5

    def __init__(self, schemas: list[str], seed: str, steps: int, superuser_url: str, database: str) -> None:
        self.schemas = schemas
        self.random = random.Random(seed)
        self.left = steps
        self.superuser = psycopg2.connect(superuser_url, dbname=database)
        self.superuser.autocommit = True
        self.expected = ["public"]
        self.levels = [Level()]
        self.wrong: list[str] = []
        self.foreign_rows = 0
        self.failed: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.acts = {
            self.read: 10,
            self.look_at_path: 10,
            self.enter: 14,
            self.begin: 10,
            self.fail_in_sql: 6,
            self.write: 6,
            self.write_later: 6,
            self.write_many: 3,
            self.copy_in: 3,
            self.copy_out: 3,
            self.several_statements: 3,
            self.open_iterator: 4,
            self.go_on_iterating: 6,
            self.read_a_neighbour: 3,
            self.stand_alone: 1,
            self.close: 2,
            self.be_checked: 4,
            self.be_killed: 1,
        }

    @property
    def here(self) -> str:
        return self.expected[-1]

    def run(self) -> "Walk":
        try:
            while self.left > 0:
                self.step(0)
            return self
        finally:
            connection.close()
            self.superuser.close()

    def step(self, depth: int) -> None:
        self.left -= 1
        acts = [act for act in self.acts if depth < self.MAX_DEPTH or act not in (self.enter, self.begin)]
        act = self.random.choices(acts, [self.acts[act] for act in acts])[0]
        self.done[act.__name__] += 1
        try:
            act(depth)
        except StrayedError as found:
            self.wrong.append(f"{act.__name__}: {found}")
        except DatabaseError:
            self.failed[act.__name__] += 1
            if connection.in_atomic_block:
                # As in life: the error leaves the block, which rolls back.
                raise
            connection.close_if_unusable_or_obsolete()

    def _some_steps(self, depth: int) -> None:
        for _ in range(self.random.randint(1, 5)):
            self.step(depth + 1)
        if self.random.random() < 0.25:
            raise ThrownError

    def _expect(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            raise StrayedError(f"{what} is {found!r}, not {expected!r}")

    def _expect_owner(self, owners: list[str], expected: str) -> None:
        strange = [owner for owner in owners if owner != expected]
        self.foreign_rows += len(strange)
        self._expect("the owner of a row", strange, [])

    # --- reads

    def look_at_path(self, depth: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_setting('search_path'), current_user")
            found = cursor.fetchone()
        self._expect("the place", found, (self.here, f"{self.here}, extensions", role_of(self.here)))

    def read(self, depth: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT owner FROM walk_row ORDER BY id LIMIT %s", [self.random.randint(1, 9)])
            rows = cursor.fetchall()
        self._expect("being empty", not rows, False)
        self._expect_owner([owner for (owner,) in rows], self.here)

    def read_a_neighbour(self, depth: int) -> None:
        other = self.random.choice([name for name in self.schemas if name != self.here])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'SELECT owner FROM "{other}".walk_row LIMIT 1')
                self.foreign_rows += 1
        except DatabaseError as refusal:
            self._expect("the refusal", getattr(refusal.__cause__, "pgcode", refusal), "42501")
        else:
            raise StrayedError(f"{self.here} read {other}")

    def copy_out(self, depth: int) -> None:
        out = io.StringIO()
        with connection.cursor() as cursor:
            try:
                cursor.copy_expert("COPY (SELECT owner FROM walk_row ORDER BY id LIMIT 5) TO STDOUT", out)
            except psycopg2.Error as error:
                raise DatabaseError(*error.args) from error
        self._expect_owner(out.getvalue().split(), self.here)

    def open_iterator(self, depth: int) -> None:
        """As `.iterator()`: kept open, and read further by later steps, wherever they are."""
        cursor = connection.chunked_cursor()
        cursor.execute("SELECT owner FROM walk_row ORDER BY id LIMIT 20")
        self._expect_owner([owner for (owner,) in cursor.fetchmany(2)], self.here)
        self.levels[-1].readings.append(Reading(cursor, self.here, connection.connection))

    def go_on_iterating(self, depth: int) -> None:
        # Outside a transaction they are WITH HOLD, as long as their session; inside, the one that opened them.
        if not connection.in_atomic_block:
            connection.close_if_health_check_failed()
        readings = [r for r in self.levels[-1].readings if r.session is connection.connection]
        if not readings:
            return self.open_iterator(depth)
        reading = self.random.choice(readings)
        rows = reading.cursor.fetchmany(self.random.randint(1, 6))
        if not rows:
            self.levels[-1].readings.remove(reading)
            reading.cursor.close()
        return self._expect_owner([owner for (owner,) in rows], reading.owner)

    # --- writes

    def _written_here(self, cursor: Any) -> None:
        cursor.execute("SELECT owner, schema_at_write, role_at_write FROM walk_row ORDER BY id DESC LIMIT 1")
        self._expect("the row just written", cursor.fetchone(), (self.here, self.here, role_of(self.here)))

    def write(self, depth: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO walk_row (owner) VALUES (%s) RETURNING schema_at_write", [self.here])
            self._expect("the schema written", cursor.fetchone(), (self.here,))
            self._written_here(cursor)

    def write_later(self, depth: int) -> None:
        """It leaves with what comes next, wherever that is; where it lies is looked at when the walk ends."""
        with connection.cursor() as cursor:
            cursor.execute(Postponed("INSERT INTO walk_row (owner) VALUES (%s)"), [self.here])

    def write_many(self, depth: int) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO walk_row (owner) VALUES (%s)", [[self.here]] * 3)

    def copy_in(self, depth: int) -> None:
        with connection.cursor() as cursor:
            try:
                cursor.copy_expert("COPY walk_row (owner) FROM STDIN", io.StringIO(f"{self.here}\n" * 3))
            except psycopg2.Error as error:
                raise DatabaseError(*error.args) from error

    def several_statements(self, depth: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO walk_row (owner) VALUES (%s); SELECT owner FROM walk_row LIMIT 3", [self.here])
            self._expect_owner([owner for (owner,) in cursor.fetchall()], self.here)

    def stand_alone(self, depth: int) -> None:
        """A statement that refuses company; the role owns nothing, so PostgreSQL skips the table with a warning."""
        if connection.in_atomic_block:
            return self.read(depth)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM walk_row")
        return self.look_at_path(depth)

    # --- contexts, transactions, errors

    def enter(self, depth: int) -> None:
        self.expected.append(self.random.choice(self.schemas))
        try:
            with in_schema(self.here):
                self._some_steps(depth)
        except ThrownError:
            pass
        finally:
            self.expected.pop()

    def begin(self, depth: int) -> None:
        """A transaction, or a savepoint inside one."""
        self.levels.append(Level())
        try:
            with transaction.atomic():
                self._some_steps(depth)
        except (ThrownError, DatabaseError):
            # The error of a lost session is not this block's alone: the outer one is broken too.
            if connection.in_atomic_block and connection.needs_rollback:
                raise
        finally:
            self.levels.pop()

    def fail_in_sql(self, depth: int) -> None:
        statement = self.random.choice(
            ["SELECT 1/0", "SELECT * FROM no_such_table", "INSERT INTO walk_row (owner) VALUES (NULL)", "SELEC"]
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)

    # --- the session

    def close(self, depth: int) -> None:
        if not connection.in_atomic_block:
            connection.close()

    def be_checked(self, depth: int) -> None:
        """What Django does between two requests: health, age, renewal after N tables."""
        if connection.in_atomic_block:
            return
        connection.close_if_unusable_or_obsolete()
        connection.close_if_health_check_failed()
        self._expect("being usable", connection.connection is None or connection.is_usable(), True)

    def be_killed(self, depth: int) -> None:
        """The server ends the session between two requests."""
        if connection.in_atomic_block or connection.connection is None:
            return
        with self.superuser.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        connection.close_if_unusable_or_obsolete()
