"""Settings true everywhere. `dev`, `test` and `production` say only what differs."""

import importlib.util
from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from config.settings import env
from config.settings.apps import INSTALLED_APPS, SHARED_APPS, TENANT_APPS  # noqa: F401  (read by django-tenants)
from core.observability.logs import logging_config

ROOT = env.ROOT
DATA_DIR = env.folder("ENT_DATA_DIR", ROOT / "var")

SECRET_KEY = env.text("ENT_SECRET_KEY")
DEBUG = False

# --- hosts

ENT_DEMO = env.flag("ENT_DEMO")
# The demo with the academy's staff and nothing else: for who wants to do the whole story by hand.
ENT_DEMO_EMPTY = env.flag("ENT_DEMO_EMPTY")
ENT_DOMAIN = env.text("ENT_DOMAIN", "localhost")
ENT_PORT = env.text("ENT_PORT")
ENT_SCHEME = "http" if ENT_PORT else "https"
ENT_PORT_SUFFIX = f":{ENT_PORT}" if ENT_PORT else ""
ENT_ACADEMY_HOST = f"academie.{ENT_DOMAIN}"
# In production, another registrable domain: user files never share a site with a session.
ENT_FILES_HOST = env.text("ENT_FILES_HOST", f"fichiers.{ENT_DOMAIN}")
ENT_SPECIAL_HOSTS = {ENT_FILES_HOST: "config.urls.files"}
if ENT_DEMO:
    ENT_SPECIAL_HOSTS[ENT_DOMAIN] = "config.urls.demo"
ALLOWED_HOSTS = [f".{ENT_DOMAIN}", ENT_FILES_HOST]
USE_X_FORWARDED_HOST = False
# Whether a proxy stands before us and writes the client's address (production says yes).
ENT_BEHIND_PROXY = env.flag("ENT_BEHIND_PROXY")
ROOT_URLCONF = "config.urls.tenant"
PUBLIC_SCHEMA_URLCONF = "config.urls.public"
WSGI_APPLICATION = "config.wsgi.application"

# --- communes

TENANT_MODEL = "tenants.Commune"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_LIMIT_SET_CALLS = False
# A database role per commune, the second wall. Off under Citus.
ENT_COMMUNE_ROLES = env.flag("ENT_COMMUNE_ROLES", default=True)
# A database session is renewed after meeting this many tables, those of two communes being two: each leaves some 20 kB
# in its memory.
ENT_SESSION_TABLES = env.number("ENT_SESSION_TABLES", 1800)
# Statements that a database session keeps prepared (tenants.db.statements); 0: none.
ENT_PREPARED = env.number("ENT_PREPARED", 200)
# Complete spare schemas kept ready: a wave of openings takes them by two renames.
ENT_SPARES = env.number("ENT_SPARES", 3)

_database = env.database(env.text("ENT_DATABASE_URL"))
OWNER_DATABASE = env.database(env.text("ENT_OWNER_DATABASE_URL"))
DATABASES = {
    "default": {
        "ENGINE": "tenants.db",
        "NAME": _database.get("dbname", "ent"),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": _database.get("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # The session's own path is empty: a statement that escapes our cursor fails instead of reading somewhere.
        # What is prepared is planned once: what would choose another plan stands in its text, not in its arguments.
        "OPTIONS": {
            "options": "-c search_path= -c timezone=UTC -c plan_cache_mode=force_generic_plan",
            "connect_timeout": 5,
            # A server lost behind a firewall is noticed in half a minute, not in the two hours of the system's default.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 4,
            "tcp_user_timeout": 30_000,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the applications

MIDDLEWARE = [
    "core.observability.health.health_pages",
    "core.observability.metrics.request_metrics",
    "core.observability.logs.request_log",
    "core.locale.language_and_zone",
    "core.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.security.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "shared_apps.maintenance.pages.status_pages",
    "tenants.middleware.commune_middleware",
    "shared_apps.maintenance.middleware.window_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shared_apps.accounts.middleware.AccountMiddleware",
    "shared_apps.accounts.middleware.session_belongs_here",
    "tenant_apps.links.middleware.LinkMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "shared_apps.accounts.middleware.SecondFactorMiddleware",
    "tenant_apps.people.view_as.view_as_middleware",
    "tenant_apps.people.middleware.profile_middleware",
    "tenant_apps.support.middleware.AssistanceMiddleware",
    "tenant_apps.departures.middleware.OnlyLeaving",
    "tenant_apps.usage.middleware.usage_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

COTTON_DIR = "components"
_loaders = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("core.compiled.loader.Loader", _loaders)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "core.templatetags.ent",
                "core.templatetags.rights",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "core.csrf.token",
                "core.context.page",
            ],
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"

# --- sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "shared_apps.accounts.backends.IdentifierBackend",
    "core.permissions.DeclaredPermissionBackend",
]
PASSWORD_HASHERS = ["shared_apps.accounts.hashers.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["identifier", "first_name", "last_name", "email"]},
    },
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

SESSION_ENGINE = "core.session_store"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_DOMAIN = None
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_DOMAIN = None
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- browsers

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, f"{ENT_SCHEME}://{ENT_FILES_HOST}{ENT_PORT_SUFFIX}"],
        "media-src": [SELF, f"{ENT_SCHEME}://{ENT_FILES_HOST}{ENT_PORT_SUFFIX}"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
}

# --- files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path] = []
_dsfr = importlib.util.find_spec("dsfr")
if _dsfr and _dsfr.origin:
    # Its files only: the application has tables, and taking the DSFR out must stay the change of one folder.
    STATICFILES_DIRS.append(Path(_dsfr.origin).parent / "static")
if (DATA_DIR / "frontend").is_dir():
    STATICFILES_DIRS.append(DATA_DIR / "frontend")
MEDIA_ROOT = env.folder("ENT_MEDIA_DIR", DATA_DIR / "media")
# The last known state of the service: one file, read when the database does not answer. Web and worker share it.
ENT_STATUS_DIR = env.folder("ENT_STATUS_DIR", MEDIA_ROOT / "etat")
REFERENCE_DIR = env.folder("ENT_REFERENCE_DIR", ROOT.parent / "shared" / "data")
STORAGES = {
    "default": {"BACKEND": "shared_apps.files.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# In bytes: one file, and all those of a commune.
ENT_FILE_MAX = env.number("ENT_FILE_MAX", 25_000_000)
ENT_FILE_QUOTA = env.number("ENT_FILE_QUOTA", 5_000_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- the seal of signed PDFs (docs/conventions.md); without one, conventions are signed on paper only

ENT_SEAL_FILE = env.text("ENT_SEAL_FILE")
ENT_SEAL_PASSPHRASE = env.text("ENT_SEAL_PASSPHRASE")
ENT_SEAL_ROOTS = env.text("ENT_SEAL_ROOTS")
ENT_TSA_URL = env.text("ENT_TSA_URL")
# The demo makes an authority of its own, which proves nothing to anybody else.
ENT_SEAL_LOCAL = DATA_DIR / "seal" if ENT_DEMO else None

# --- the school year, and who leaves (month and day)

# In the demo the next year may be prepared at any time: it must show in November too.
ENT_YEAR_DRAFT_FROM = env.text("ENT_YEAR_DRAFT_FROM", "09-01" if ENT_DEMO else "06-01")
# Days after the last right: three calendar months are 89 at the shortest, and one is kept in hand (a check says so).
ENT_ERASURE_DAY = env.number("ENT_ERASURE_DAY", 85)
ENT_DEPARTURE_WARNINGS = (0, 30, 71)
# Families of pupils who leave are told from then on that they may take the work away; an archive is kept so many days.
ENT_WORKS_FROM = env.text("ENT_WORKS_FROM", "06-15")
ENT_ARCHIVE_DAYS = env.number("ENT_ARCHIVE_DAYS", 14)
ENT_LAST_YEAR_READABLE_UNTIL = env.text("ENT_LAST_YEAR_READABLE_UNTIL", "10-31")

# --- the end of a convention (docs/lifecycle.md)

# Days during which the pages can still be read; then the space is archived, and erased within three calendar months.
ENT_READ_ONLY_DAYS = env.number("ENT_READ_ONLY_DAYS", 60)
ENT_ERASURE_NOTICE = env.number("ENT_ERASURE_NOTICE", 24)  # hours between the order to erase and the act
# Seven days before the day of the law, an erasure that nobody ordered is ordered by itself, once.
ENT_ERASURE_BY_ITSELF = env.flag("ENT_ERASURE_BY_ITSELF", default=True)
# The acts that a commune in read only still accepts: one's own access, one's own data.
ENT_READ_ONLY_ACTS = frozenset(
    f"accounts:{name}"
    for name in (
        "sign_in", "sign_out", "sign_out_everywhere", "sign_out_device", "verify", "verify_passkey", "enrol",
        "add_passkey", "recover", "charter", "activate", "choose_password", "forgotten", "forgotten_password",
        "forgotten_identifier", "reset_password",
    )
) | {"people:my_data", "departures:ask", "people:profiles", "people:leave_view_as", "demo_ticket"}  # fmt: skip
# --- statistics

# Seconds that visits wait in a web process before they leave for the cache together; 0: not at all.
ENT_USAGE_WAIT = env.number("ENT_USAGE_WAIT", 2)

# --- what reaches people (docs/notifications.md)

# In the suite, mails leave at any hour.
ENT_QUIET_HOURS = True
# The key that push services know us by (`manage.py push_key`); without one, no telephone is offered to be called.
ENT_PUSH_KEY = env.text("ENT_PUSH_KEY")
ENT_PUSH_CONTACT = env.text("ENT_PUSH_CONTACT", f"ne-pas-repondre@{ENT_DOMAIN}")
# The makers’ own services, by origin: Chrome, Firefox, Safari, Edge. Nothing else is ever called.
ENT_PUSH_SERVICES = env.text(
    "ENT_PUSH_SERVICES",
    "https://fcm.googleapis.com https://updates.push.services.mozilla.com https://*.push.apple.com"
    " https://*.notify.windows.com",
).split()

# Where our mails come back (retours@…, which takes `retours+…@…` too), and its mailbox (imaps://name:password@host).
ENT_RETURNS_ADDRESS = env.text("ENT_RETURNS_ADDRESS")
ENT_RETURNS_MAILBOX = env.text("ENT_RETURNS_MAILBOX")

# --- cache, tasks, mail

ENT_CACHE_URL = env.text("ENT_CACHE_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENT_CACHE_URL,
        # A lost cache must not hang the pages.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        "KEY_FUNCTION": "core.cache.make_key",
    }
}
CELERY_BROKER_URL = env.text("ENT_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "outbox": {"task": "notifications.sweep_outboxes", "schedule": timedelta(seconds=60)},
    "returns": {"task": "notifications.read_returns", "schedule": crontab(minute="*/10")},
    "digests": {"task": "notifications.ask_digests", "schedule": crontab(hour="17,18", minute="30,45")},
    "outbox-forget": {"task": "notifications.forget_delivered", "schedule": crontab(hour=3, minute=40)},
    "sessions": {"task": "accounts.forget_sessions", "schedule": crontab(hour=3, minute=20)},
    "audit-heads": {"task": "audit.export_heads", "schedule": timedelta(hours=1)},
    "training": {"task": "training.remind", "schedule": crontab(hour=7, minute=5)},
    "training-forget": {"task": "training.forget", "schedule": crontab(hour=4, minute=50)},
    "spares": {"task": "provisioning.keep_spares", "schedule": timedelta(seconds=30)},
    "reconcile": {"task": "provisioning.reconcile", "schedule": timedelta(seconds=15)},
    "waves": {"task": "onboarding.sweep_waves", "schedule": timedelta(seconds=15)},
    "case-tasks": {"task": "onboarding.remind_tasks", "schedule": crontab(hour=7, minute=30)},
    "proofs": {"task": "onboarding.renew_proofs", "schedule": crontab(day_of_week="sunday", hour=4, minute=30)},
    "status": {"task": "maintenance.measure", "schedule": timedelta(seconds=60)},
    "roll-up": {"task": "statistics.collect_all", "schedule": timedelta(minutes=15)},
    "moving-staff": {"task": "mobility.follow_all", "schedule": crontab(hour=0, minute=10)},
    "links-forget": {"task": "links.forget", "schedule": crontab(hour=3, minute=50)},
    "support-end": {"task": "support.end_accesses", "schedule": timedelta(seconds=60)},
    "support-close": {"task": "support.close_tickets", "schedule": crontab(hour=4, minute=40)},
    "files": {"task": "files.sweep", "schedule": timedelta(days=1)},
    "my-data": {"task": "people.forget_exports", "schedule": crontab(hour=4, minute=10)},
    "departures": {"task": "departures.night", "schedule": crontab(hour=4, minute=10)},
    "lifecycle": {"task": "lifecycle.follow", "schedule": crontab(hour=5, minute=30)},
    "packages": {"task": "lifecycle.wake_builds", "schedule": timedelta(minutes=2)},
    "erasures": {"task": "provisioning.erase_due", "schedule": timedelta(minutes=5)},
    "usage": {"task": "usage.roll_up", "schedule": crontab(minute=25, hour="6-21")},
    "emergency-watch": {"task": "emergency.watch", "schedule": timedelta(seconds=60)},
    "emergency-forget": {"task": "emergency.forget", "schedule": crontab(hour=3, minute=55)},
    "messages-forget": {"task": "messaging.forget", "schedule": crontab(hour=4, minute=20)},
    "notebook-forget": {"task": "progress_notebook.forget", "schedule": crontab(hour=3, minute=45)},
    "attendance-forget": {"task": "attendance.forget", "schedule": crontab(hour=3, minute=35)},
    "usage-night": {"task": "usage.night", "schedule": crontab(hour=2, minute=20)},
    "year-change": {"task": "year_change.turn", "schedule": crontab(hour="0,5,12", minute=10)},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("ENT_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("ENT_SMTP_PORT", 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("ENT_FROM_EMAIL", f"ne-pas-repondre@{ENT_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

EMAIL_HOST_USER = env.text("ENT_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("ENT_SMTP_PASSWORD")
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)

# --- operations

ENT_METRICS_TOKEN = env.text("ENT_METRICS_TOKEN")
ENT_METRICS_BY_COMMUNE = env.flag("ENT_METRICS_BY_COMMUNE")
ENT_HEARTBEAT_FILE = env.text("ENT_HEARTBEAT_FILE")
LOGGING = logging_config(json=False, level=env.text("ENT_LOG_LEVEL", "INFO"))

# --- words and time

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
LOCALE_PATHS = [ROOT / "platform" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- programs

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "shared_apps.api.authentication.KeysOnlyRead",
    ],
    # The first one says how to come in: 401 and not 403 to who did not.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shared_apps.api.authentication.TokenAuthentication",
        "shared_apps.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "shared_apps.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "300/min"},
    "EXCEPTION_HANDLER": "shared_apps.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ENT-école",
    "DESCRIPTION": "L’annuaire d’une commune, tel que le titulaire de la clé le voit.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
}
