import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from core.observability import tasks  # noqa: F401  (log lines and heartbeat of the worker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
app = Celery("ent")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_unsafe_worker(**kwargs: Any) -> None:
    from core.startup import refuse_unsafe_start

    refuse_unsafe_start()
