"""What must never be true when a process starts to serve."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

from core.checks import OURS
from core.startup import UnsafeStartError, refuse_unsafe_start

ROOT = Path(__file__).resolve().parents[2]


def found() -> set[str]:
    return {message.id for message in run_checks(tags=[OURS])}


def test_the_settings_of_the_suite_are_safe():
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENANT_LIMIT_SET_CALLS", True),
        ("PG_EXTRA_SEARCH_PATHS", ["extensions"]),
        ("USE_X_FORWARDED_HOST", True),
        ("SESSION_COOKIE_DOMAIN", ".localhost"),
        ("CSRF_COOKIE_DOMAIN", ".localhost"),
    ],
)
def test_a_setting_that_mixes_communes_is_refused(settings, name, value):
    setattr(settings, name, value)
    assert found() == {"ent.E004"}
    with pytest.raises(UnsafeStartError, match=name):
        refuse_unsafe_start()


@pytest.mark.parametrize("function", [None, "django.core.cache.backends.base.default_key_func"])
def test_a_cache_whose_keys_do_not_name_their_commune_is_refused(settings, function):
    settings.CACHES = {
        **settings.CACHES,
        "other": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_FUNCTION": function},
    }
    assert found() == {"ent.E005"}


def test_the_demo_is_accepted_on_localhost(settings):
    settings.ENT_DEMO = True
    assert found() == set()


def test_the_demo_is_refused_on_another_name(settings):
    settings.ENT_DEMO, settings.ENT_DOMAIN = True, "ent.example.org"
    assert found() == {"ent.E001"}


def test_plain_http_is_refused_on_another_name(settings):
    settings.ENT_DOMAIN, settings.ENT_PORT = "ent.example.org", "8000"
    assert found() == {"ent.E003"}
    settings.ENT_DOMAIN = "localhost"
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_NAME", "session"),
        ("CSRF_COOKIE_NAME", "csrf"),
        ("SESSION_COOKIE_SECURE", False),
        ("CSRF_COOKIE_SECURE", False),
    ],
)
def test_cookies_that_another_host_could_receive_are_refused_but_in_the_demo(settings, name, value):
    setattr(settings, name, value)
    assert found() == {"ent.E006"}
    settings.ENT_DEMO = True
    assert found() == set()


def serve(**environment: str) -> subprocess.CompletedProcess[str]:
    """Loading the web application as a server does."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("ENT_")}
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env=known | {"ENT_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def production(**environment: str) -> subprocess.CompletedProcess[str]:
    required = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "ENT_SECRET_KEY": "k" * 60,
        "ENT_DOMAIN": "ent.example.org",
    }
    return serve(**required | environment)


def test_a_web_process_in_production_refuses_the_demo():
    refused = production(ENT_DEMO="1")
    assert refused.returncode != 0
    assert "ent.E002: ENT_DEMO is refused in production." in refused.stderr


def test_a_web_process_in_production_starts_even_while_its_database_is_away():
    started = production()
    assert started.returncode == 0, started.stderr
