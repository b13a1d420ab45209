"""Bringing one commune to this code: one message, or the migrations one by one. Owner's session."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.utils import Error, InterfaceError, OperationalError

from core.tenancy import PUBLIC, in_schema
from provisioning import privileges, schemas
from provisioning.fleet.plan import LOCK_TIMEOUT_MS, Plan
from provisioning.models import MigrationResult, MigrationRun

RETRIED = {"55P03", "40P01"}  # lock not available, deadlock: somebody is working there, try again later
Method = MigrationResult.Method
RESULTS = f"{PUBLIC}.{MigrationResult._meta.db_table}"


class TryLaterError(Exception):
    """The commune is busy; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Failure:
    method: str
    error: str


def migrate_one(run: MigrationRun, schema: str, plan: Plan) -> Failure | None:
    """Migrate and write the result, in one transaction where the migrations allow.

    Raises TryLaterError, and what a lost session raises: neither is the commune's fault.
    """
    method = Method.STOCK if plan.statements is None else Method.STATEMENTS
    try:
        with in_schema(schema):
            if plan.statements is None:
                _one_by_one(run, schema, plan)
            else:
                _in_one_message(run, schema, plan)
    except Exception as error:  # whatever a migration raises: the other communes go on
        if _sqlstate(error) in RETRIED:
            raise TryLaterError from error
        if _is_lost(error):
            raise
        return Failure(method, describe(error))
    return None


def _in_one_message(run: MigrationRun, schema: str, plan: Plan) -> None:
    """Several statements in one message are one transaction: all or nothing, killed or not.

    Not waiting for the disk at each commune loses nothing: what a crash undoes, the next run does again.
    """
    rights = _take_back(schema) if "CREATE TABLE" in (plan.statements or "") else ""
    schemas.execute(
        f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; SET LOCAL synchronous_commit = off;\n"
        f"{plan.statements}{plan.reference_rows}{rights}{_result(run, schema, Method.STATEMENTS)}"
    )


def _one_by_one(run: MigrationRun, schema: str, plan: Plan) -> None:
    schemas.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
    schemas.migrate(schema)
    with transaction.atomic():
        schemas.execute(f"{plan.reference_rows}{_take_back(schema)}{_result(run, schema, Method.STOCK)}")


def _take_back(schema: str) -> str:
    """New tables got the commune's rights by default privileges: those on append-only ones are too many."""
    return privileges.take_back(schema, schema) if settings.ENT_COMMUNE_ROLES else ""


def _result(run: MigrationRun, schema: str, method: str) -> str:
    elapsed = "(1000 * extract(epoch FROM clock_timestamp() - transaction_timestamp()))::int"
    return (
        f"INSERT INTO {RESULTS} (run_id, schema_name, state, method, milliseconds, error, state_before)"  # noqa: S608
        f" VALUES ('{run.pk}', '{schema}', 'done', '{method}', {elapsed}, '', '')"
    )


def describe(error: BaseException) -> str:
    """Class, SQLSTATE and the names of what is at fault: the database's own words may quote a person's data."""
    cause = error.__cause__ if isinstance(error, Error) and error.__cause__ is not None else error
    facts = getattr(cause, "diag", None)
    names = [getattr(facts, f"{what}_name", None) for what in ("table", "column", "constraint")]
    return " ".join(filter(None, [type(cause).__name__, _sqlstate(error), *names]))[:300]


def _is_lost(error: BaseException) -> bool:
    """The server went away or closed the session (classes 08 and 57P): every commune would fail alike."""
    state = _sqlstate(error)
    return state.startswith(("08", "57P")) or (isinstance(error, OperationalError | InterfaceError) and not state)


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "pgcode", None) or getattr(error, "pgcode", None) or ""
