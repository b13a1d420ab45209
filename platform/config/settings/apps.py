"""What lives where: one screen. A table of `BOTH_APPS` exists in the public schema and in every commune's."""

LIBRARIES = [
    "django_tenants",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "core",
]

BOTH_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "shared_apps.accounts",
    "shared_apps.api",
    "shared_apps.audit",
    "shared_apps.files",
    "shared_apps.notifications",
    "shared_apps.signatures",
]

SHARED_APPS = [
    "tenants",
    *BOTH_APPS,
    "shared_apps.reference",
    "shared_apps.bounds",
    "shared_apps.onboarding",
    "shared_apps.signing",
    "shared_apps.statistics",
    "shared_apps.mobility",
    "shared_apps.layouts",
    "shared_apps.training",
    "shared_apps.maintenance",
    "shared_apps.lifecycle",
    "shared_apps.support",
    "shared_apps.emergency",
    "provisioning",
]

TENANT_APPS = [
    *BOTH_APPS,
    "tenant_apps.schools",
    "tenant_apps.people",
    "tenant_apps.rights",
    "tenant_apps.moderation",
    "tenant_apps.imports",
    "tenant_apps.home",
    "tenant_apps.liaison",
    "tenant_apps.attendance",
    "tenant_apps.pupil_access",
    "tenant_apps.links",
    "tenant_apps.year_change",
    "tenant_apps.departures",
    "tenant_apps.equipment",
    "tenant_apps.trainees",
    "tenant_apps.usage",
    "tenant_apps.support",
    "tenant_apps.messages",
    "tenant_apps.homework",
    "tenant_apps.agenda",
    "tenant_apps.news",
    "tenant_apps.surveys",
    "tenant_apps.outings",
    "tenant_apps.report_cards",
    "tenant_apps.progress_notebook",
    "tenant_apps.reach",
]

INSTALLED_APPS = [*LIBRARIES, *dict.fromkeys(SHARED_APPS + TENANT_APPS)]
