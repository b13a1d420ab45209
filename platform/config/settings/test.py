"""The suite. Its database cluster is started by `tests/conftest.py`, which fills the addresses in."""

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, DATA_DIR, MIDDLEWARE

SECRET_KEY = "test-only-" + "k" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["default"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "KEY_FUNCTION": "core.cache.make_key",
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
REFERENCE_DIR = None  # type: ignore[assignment]  # the suite reads what ships
ENT_USAGE_WAIT = 0
ENT_SEAL_LOCAL = DATA_DIR / "test-seal"  # type: ignore[assignment]
ENT_QUIET_HOURS = False
