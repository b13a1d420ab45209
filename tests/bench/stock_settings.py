"""The ordinary way: django-tenants' own engine on the same models, as its documentation sets it up."""

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, env
from tests.bench.settings import *  # noqa: F403

ENT_COMMUNE_ROLES = False
PG_EXTRA_SEARCH_PATHS = ["extensions"]
_database = env.database(env.text("ENT_STOCK_DATABASE_URL"))
DATABASES["default"] |= {
    "ENGINE": "django_tenants.postgresql_backend",
    "NAME": _database["dbname"],
    "USER": _database["user"],
    "PASSWORD": _database["password"],
    "HOST": _database["host"],
    "PORT": _database["port"],
    "OPTIONS": {},
}
