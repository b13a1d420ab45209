"""Ours, with tenancy as the only middleware, so that its cost shows."""

from tests.bench.settings import *  # noqa: F403

MIDDLEWARE = ["tenants.middleware.commune_middleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "tests.bench.site"
ALLOWED_HOSTS = ["*"]
