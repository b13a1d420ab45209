"""The same views with no tenancy at all: Django's own engine, one schema, no middleware."""

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import DATABASES, OWNER_DATABASE  # type: ignore[attr-defined]

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
LOGGING_CONFIG = None  # our log lines name a commune
ROOT_URLCONF = "tests.bench.site"
ALLOWED_HOSTS = ["*"]
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": OWNER_DATABASE["dbname"],
    "USER": OWNER_DATABASE["user"],
    "PASSWORD": OWNER_DATABASE["password"],
    "OPTIONS": {"options": "-c search_path=c_00000,extensions -c timezone=UTC"},
}
