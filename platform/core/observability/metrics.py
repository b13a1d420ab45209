"""Figures for Prometheus, at `/metrics`: for this machine, or for who shows the token.

Each process of the web server counts apart and `/metrics` adds them up: `PROMETHEUS_MULTIPROC_DIR` must name an
empty folder before anything imports this module (the image's entry point does it).
"""

import os
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from core.observability.requests import is_loopback, method_of, route_of, schema_of

GetResponse = Callable[[HttpRequest], HttpResponse]

# Bounds in seconds, around the targets: 0.8 s for 95 % of pages, 2 s for 99 %.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 2.0, 5.0, 15.0)

requests_answered = Counter("ent_http_requests", "Requests answered.", ["route", "method", "status"])
request_seconds = Histogram(
    "ent_http_request_seconds", "Time to answer, in seconds.", ["route", "method"], buckets=BOUNDS
)
# A thousand communes are a thousand series: only with the setting ENT_METRICS_BY_COMMUNE.
commune_requests = Counter("ent_commune_requests", "Requests answered, by commune.", ["schema", "outcome"])
sessions_renewed = Counter(
    "ent_database_sessions_renewed", "Database sessions begun anew after visiting many communes."
)
dependency_up = Gauge(
    "ent_dependency_up", "1 when the last probe reached it.", ["name"], multiprocess_mode="mostrecent"
)


# The series of each route, method and status, which the library finds anew each time.
_counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def database_session_renewed() -> None:
    """For the database engine, when it renews a session to free its memory."""
    sessions_renewed.inc()


def request_metrics(get_response: GetResponse) -> GetResponse:
    """Middleware: counts and times each request, and answers `/metrics`, whatever the host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/metrics":
            return _page(request)
        began = time.perf_counter()
        response = get_response(request)
        _count(request, response.status_code, time.perf_counter() - began)
        return response

    return middleware


def _count(request: HttpRequest, status: int, seconds: float) -> None:
    route, method = route_of(request), method_of(request)
    counted = _counted.get((route, method, status))
    if counted is None:
        counted = requests_answered.labels(route, method, str(status)), request_seconds.labels(route, method)
        _counted[route, method, status] = counted
    answered, lasted = counted
    answered.inc()
    lasted.observe(seconds)
    if getattr(settings, "ENT_METRICS_BY_COMMUNE", False) and (schema := schema_of(request)):
        commune_requests.labels(schema, f"{status // 100}xx").inc()


def _page(request: HttpRequest) -> HttpResponse:
    if not (is_loopback(request) or _shows_token(request)):
        return HttpResponseNotFound()
    return HttpResponse(
        generate_latest(_registry()),
        headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
    )


def _shows_token(request: HttpRequest) -> bool:
    expected = getattr(settings, "ENT_METRICS_TOKEN", "")
    return bool(expected) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {expected}")


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
