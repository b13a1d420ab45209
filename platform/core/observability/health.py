"""`/healthz`: the process lives. `/readyz`: it can serve.

Answered before the host is looked at: probes know none.
"""

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from core.observability.metrics import dependency_up
from core.observability.requests import is_loopback
from core.tenancy import in_public

GetResponse = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger(__name__)


def health_pages(get_response: GetResponse) -> GetResponse:
    """Middleware, the first of all."""
    readiness = Readiness()
    pages = {"/healthz": lambda request: _answer(True, {}), "/readyz": readiness.page}

    def middleware(request: HttpRequest) -> HttpResponse:
        page = pages.get(request.path_info)
        if page is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return page(request)

    return middleware


class Readiness:
    """Needed: the database, with the migrations of this code on the public schema.

    The cache and the broker are told and don't count: without them people still read, and taking every
    process out of service would close all schools.
    """

    def __init__(self) -> None:
        self._migrated = False

    def page(self, request: HttpRequest) -> HttpResponse:
        needed = {"database": self._up(self.database)}
        needed["migrations"] = needed["database"] and self._up(self.migrations)
        told = {"cache": self._up(self.cache), "broker": self._up(self.broker)}
        for name, up in (needed | told).items():
            dependency_up.labels(name).set(up)
        return _answer(all(needed.values()), (needed | told) if is_loopback(request) else {})

    def _up(self, probe: Callable[[], bool]) -> bool:
        try:
            up = probe()
        except (DatabaseError, redis.RedisError, OSError, ValueError):
            up = False
        if not up:
            log.warning("readiness.down", extra={"step": probe.__name__})
        return up

    def database(self) -> bool:
        with in_public(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True

    def migrations(self) -> bool:
        """Once applied they stay so for this process's life: the graph of migrations is read once."""
        if not self._migrated:
            with in_public():
                executor = MigrationExecutor(connection)
                self._migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self._migrated

    def cache(self) -> bool:
        with in_public():
            cache.get("readyz")
        return True

    def broker(self) -> bool:
        client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1)
        with client:
            return client.ping()


def _answer(is_up: bool, details: dict[str, bool]) -> HttpResponse:
    body: dict[str, object] = {"status": "ok" if is_up else "unavailable"}
    if details:
        body["checks"] = {name: "ok" if up else "down" for name, up in details.items()}
    return JsonResponse(
        body,
        status=200 if is_up else 503,
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )
