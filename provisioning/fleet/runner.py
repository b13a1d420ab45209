"""`fleet migrate`: survey, plan for each kind of lack, then a few sessions take communes from one queue."""

import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from core.tenancy import PUBLIC, in_public
from provisioning import bootstrap
from provisioning.fleet import maintenance
from provisioning.fleet.apply import Failure, TryLaterError, describe, migrate_one
from provisioning.fleet.plan import Plan, make_plan
from provisioning.fleet.survey import Lack, ask, compare, laid_schemas
from provisioning.models import MigrationResult, MigrationRun
from provisioning.sessions import only_one, owner

CONNECTIONS = 4
ATTEMPTS = 5  # for a commune where somebody holds a lock
REHEARSALS = 3  # communes in which a plan may fail before it is held to be wrong
State = MigrationRun.State
Method = MigrationResult.Method


class BusyError(Exception):
    """Another run, or a set-up, is at work."""


@dataclass
class Outcome:
    """What a run did; `refused` holds the plans that failed everywhere, for which nothing was changed."""

    communes: int = 0
    up_to_date: int = 0
    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    reopened: int = 0
    stopped: str = ""  # why the sessions gave up before the end

    @property
    def is_complete(self) -> bool:
        return not (self.failed or self.refused or self.stopped)

    @property
    def lets_a_release_pass(self) -> bool:
        """Some communes failed, each closed alone; most live."""
        return not (self.refused or self.stopped) and 2 * len(self.failed) <= self.communes


Progress = Callable[[int, int, int], None]  # done, total, failed


def migrate(
    *, connections: int = CONNECTIONS, thorough: bool = False, tell: bootstrap.Tell, progress: Progress
) -> Outcome:
    """The public schema first, then the communes; `thorough` also compares their first rows. Raises BusyError."""
    with owner(), in_public(), only_one("fleet") as mine:
        if not mine:
            raise BusyError
        MigrationRun.objects.filter(state=State.RUNNING).update(state=State.INTERRUPTED)
        return _Run(connections, progress).go(_survey(thorough, tell))


def _survey(thorough: bool, tell: bootstrap.Tell) -> dict[str, Lack]:
    bootstrap.migrate_public(tell)
    lacks = compare(ask([PUBLIC, *laid_schemas()], with_rows=thorough))
    del lacks[PUBLIC]
    return lacks


class _Run:
    def __init__(self, connections: int, progress: Progress) -> None:
        self.connections, self.progress = connections, progress
        self.row = MigrationRun()
        self.outcome = Outcome()
        self.todo: queue.SimpleQueue[tuple[str, Plan]] = queue.SimpleQueue()
        self.attempts: Counter[str] = Counter()
        self.total = 0
        self.lock = threading.Lock()

    def go(self, lacks: dict[str, Lack]) -> Outcome:
        fine = [schema for schema, lack in lacks.items() if lack.is_empty]
        self.outcome.communes, self.outcome.up_to_date = len(lacks), len(fine)
        self.row.communes, self.row.up_to_date = len(lacks), len(fine)
        self.row.save()
        for lack, schemas in _by_lack(lacks).items():
            self._plan(lack, schemas)
        self._work()
        self.outcome.reopened = maintenance.reopen(fine + self.outcome.migrated)
        self.row.state = State.DONE
        if self.outcome.refused:
            self.row.state = State.REFUSED
        if self.outcome.stopped:
            self.row.state = State.INTERRUPTED
        self.row.ended_at = timezone.now()
        self.row.save()
        return self.outcome

    def _plan(self, lack: Lack, schemas: list[str]) -> None:
        """A plan that fails in the first few communes is wrong: no commune is closed for that."""
        failures: dict[str, Failure] = {}
        for schema in schemas[:REHEARSALS]:
            try:
                plan = make_plan(schema, lack)
            except Exception as problem:  # whatever a migration raises
                failures[schema] = Failure(Method.STATEMENTS, describe(problem))
                continue
            for each in schemas:
                self.todo.put((each, plan))
            self.total += len(schemas)
            return
        if len(schemas) > REHEARSALS:
            error = next(iter(failures.values())).error
            self.outcome.refused[error] = self.outcome.refused.get(error, 0) + len(schemas)
        else:
            for schema, failure in failures.items():
                self._failed(schema, failure)

    def _work(self) -> None:
        count = min(self.connections, self.total)
        threads = [threading.Thread(target=self._take, name=f"fleet-{number}") for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _take(self) -> None:
        try:
            with owner():
                while True:
                    self._migrate(*self.todo.get_nowait())
                    # Each commune visited stays in a session's memory.
                    connection.close_if_unusable_or_obsolete()
        except queue.Empty:
            return
        except Exception as error:  # a lost session: what is left is for the next run
            self.outcome.stopped = describe(error)
        finally:
            connection.close()

    def _migrate(self, schema: str, plan: Plan) -> None:
        try:
            failure = migrate_one(self.row, schema, plan)
        except TryLaterError as busy:
            self.attempts[schema] += 1
            if self.attempts[schema] < ATTEMPTS:
                self.todo.put((schema, plan))
                return
            failure = Failure(Method.STATEMENTS, describe(busy.__cause__ or busy))
        if failure is None:
            with self.lock:
                self.outcome.migrated.append(schema)
                self._show()
        else:
            self._failed(schema, failure)

    def _failed(self, schema: str, failure: Failure) -> None:
        maintenance.close(self.row, schema, failure)
        with self.lock:
            self.outcome.failed[schema] = failure.error
            self._show()

    def _show(self) -> None:
        done = len(self.outcome.migrated) + len(self.outcome.failed)
        self.progress(done, max(self.total, done), len(self.outcome.failed))


def _by_lack(lacks: dict[str, Lack]) -> dict[Lack, list[str]]:
    groups = defaultdict(list)
    for schema, lack in lacks.items():
        if not lack.is_empty:
            groups[lack].append(schema)
    return groups
