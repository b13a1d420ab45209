"""Ours, as in production but for the cache and the mail; real password hashing, real fsync."""

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, env

SECRET_KEY = "bench-only-" + "k" * 50
CACHES["default"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "KEY_FUNCTION": "core.cache.make_key",
}
PASSWORD_HASHERS = ["tests.bench.hashing.TimedHasher"]
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://localhost/"  # what a worker would do later (mail) is not part of a timed act
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIGRATION_MODULES = {"liaison": env.text("ENT_BENCH_MIGRATIONS")} if env.text("ENT_BENCH_MIGRATIONS") else {}
