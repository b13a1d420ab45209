"""Celery's processes: our log settings, one line a task, and a file that says the worker lives.

Imported by the Celery application, once: the functions listen to its signals.
"""

import logging
import time
from pathlib import Path
from typing import Any

from celery import Task
from celery.signals import heartbeat_sent, setup_logging, task_postrun, task_prerun
from django.conf import settings

from core.observability import logs

log = logging.getLogger(__name__)


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """A receiver is enough: Celery then leaves the settings of Django alone."""


@task_prerun.connect
def name_the_task(task_id: str, task: Task, **kwargs: Any) -> None:
    task.request.ent_began = time.perf_counter()
    task.request.ent_token = logs.begin(task_id)


@task_postrun.connect
def tell_the_task(task_id: str, task: Task, state: str | None = None, **kwargs: Any) -> None:
    """Name, outcome, time. Never the arguments nor the result."""
    seconds = time.perf_counter() - task.request.ent_began
    facts = {"task": task.name, "task_id": task_id, "ms": round(seconds * 1000, 1)}
    log.info("task.done", extra=facts | {"state": (state or "failure").lower()})
    logs.end(task.request.ent_token)


@heartbeat_sent.connect
def touch_heartbeat(**kwargs: Any) -> None:
    """For the probe of the container: a worker whose loop is stuck leaves the file old."""
    if path := getattr(settings, "ENT_HEARTBEAT_FILE", ""):
        Path(path).touch()
