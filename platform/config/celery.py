import os

from celery import Celery

from core.observability import tasks  # noqa: F401  (log lines and heartbeat of the worker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
app = Celery("ent")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
