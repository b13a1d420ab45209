"""Behind a proxy that ends https. Everything secret comes from the environment."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, env
from core.observability import sentry
from core.observability.logs import logging_config

if not env.text("ENT_SECRET_KEY") or len(env.text("ENT_SECRET_KEY")) < 50:
    raise RuntimeError("ENT_SECRET_KEY must hold at least 50 characters.")

ENT_BEHIND_PROXY = env.flag("ENT_BEHIND_PROXY", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
STORAGES = {
    "default": STORAGES["default"],
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = logging_config(json=True, level=env.text("ENT_LOG_LEVEL", "INFO"))
sentry.start(env.text("ENT_SENTRY_DSN"))
