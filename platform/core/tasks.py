"""Tasks name their commune in a header of ours. A task without one raises: it never runs in `public` by default.

    @commune_task(name="liaison.remind")      # sent from a commune, runs in that commune
    @academy_task(name="provisioning.open")   # runs in `public`, whoever sends it

In a commune that is suspended, in read only or archived, a task does nothing unless it says `runs_while_paused=True`.

Arguments are ids and plain values, never objects. Tasks can run twice without harm. What comes next is sent by the
task itself: the links of a Celery chain are sent by the worker, which stands in no commune, and raise.
"""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

from core.errors import NotInACommune
from core.tenancy import PUBLIC, in_schema, require_commune

HEADER = "ent_schema"
log = logging.getLogger(__name__)


def is_paused(schema: str) -> bool:
    """Whether nothing happens there by itself any more; `tenants`, which this room may not import, says it."""
    return False


class SchemaTask(Task):
    abstract = True
    is_academy = False
    runs_while_paused = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        # A new dict each time: the ordinary library reused one and sent tasks to the previous commune.
        headers = dict(options.pop("headers", None) or {})
        if HEADER not in headers:
            headers[HEADER] = self._senders_schema()
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:  # as a plain function: no message, no header
            with in_schema(self._senders_schema()):
                return super().__call__(*args, **kwargs)
        schema = self._named_schema()
        if not self.runs_while_paused and is_paused(schema):
            log.info("task.paused", extra={"task": self.name})
            return None
        with in_schema(schema):
            return self.run(*args, **kwargs)

    def _senders_schema(self) -> str:
        return PUBLIC if self.is_academy else require_commune()

    def _named_schema(self) -> str:
        """What the message says: among the message's own headers in a worker, apart when the task runs on the spot."""
        schema = self.request.get(HEADER) or (self.request.headers or {}).get(HEADER)
        if not schema or (schema == PUBLIC) != self.is_academy:
            raise NotInACommune(f"{self.name} was sent without its schema (got {schema!r}).")
        return schema


class CommuneTask(SchemaTask):
    abstract = True


class AcademyTask(SchemaTask):
    abstract = True
    runs_while_paused = True
    is_academy = True


def commune_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    return shared_task(base=CommuneTask, **options)


def academy_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    return shared_task(base=AcademyTask, **options)
