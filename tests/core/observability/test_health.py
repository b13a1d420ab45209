"""The pages that probes ask for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse

from core.observability import health

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def probe(rf):
    """Asks a health page, by default from this machine."""
    pages = health.health_pages(lambda request: HttpResponse("a page"))

    def _probe(path, address="127.0.0.1", method="GET"):
        return pages(rf.generic(method, path, headers={"host": "10.42.0.9:8000"}, REMOTE_ADDR=address))

    return _probe


@pytest.fixture(scope="module")
def broker_url(tmp_path_factory):
    launcher = [sys.executable, ROOT / "infra/embedded.py"]
    data = ["--data", tmp_path_factory.mktemp("broker")]
    started = subprocess.run([*launcher, "valkey", *data, "--detach"], check=True, stdout=subprocess.PIPE)
    yield json.loads(started.stdout)["url"]
    subprocess.run([*launcher, "stop", *data], check=True, stdout=subprocess.DEVNULL)


def test_a_live_process_says_so_without_its_database(probe, django_db_blocker):
    with django_db_blocker.block():
        response = probe("/healthz")
    assert (response.status_code, json.loads(response.content)) == (200, {"status": "ok"})


def test_other_pages_pass(probe):
    assert probe("/").content == b"a page"
    assert probe("/healthz/").content == b"a page"


def test_health_pages_are_only_read(probe):
    assert probe("/readyz", method="POST").status_code == 405


def test_a_complete_process_is_ready(probe, db, settings, broker_url):
    settings.CELERY_BROKER_URL = broker_url
    response = probe("/readyz")
    assert response.status_code == 200
    assert json.loads(response.content)["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
        "broker": "ok",
    }


def test_from_elsewhere_the_details_are_not_told(probe, db):
    assert json.loads(probe("/readyz", address="10.0.0.7").content) == {"status": "ok"}


def test_without_broker_or_cache_people_still_read(probe, db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": settings.CACHES["default"]
        | {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    response = probe("/readyz")
    assert response.status_code == 200
    checks = json.loads(response.content)["checks"]
    assert (checks["cache"], checks["broker"]) == ("down", "down")


def test_without_its_database_a_process_is_not_ready(probe, own_database, django_db_blocker, written):
    with django_db_blocker.unblock():
        port = connection.settings_dict["PORT"]
        connection.close()
        connection.settings_dict["PORT"] = "1"
        try:
            response = probe("/readyz")
        finally:
            connection.settings_dict["PORT"] = port
    assert response.status_code == 503
    checks = json.loads(response.content)["checks"]
    assert (checks["database"], checks["migrations"]) == ("down", "down")
    assert "database" in [line.get("step") for line in written()]


def test_a_process_newer_than_its_tables_is_not_ready(probe, own_database, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'tenants'")
        response = probe("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content)["checks"]["migrations"] == "down"
