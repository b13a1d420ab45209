"""What may be said of a request outside it."""

import ipaddress

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest

from core import tenancy

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(request: HttpRequest) -> str:
    """One of `METHODS`, or `other`: a client may invent any word."""
    return request.method if request.method in METHODS else "other"


def route_of(request: HttpRequest) -> str:
    """The name of the page, never its address: addresses hold signed links and codes."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or match.route
    if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return "static"
    return "unresolved"


def schema_of(request: HttpRequest) -> str:
    """The commune that the host chose, even once it was left; empty when the host is unknown."""
    host = getattr(request, "host_entry", None)
    return getattr(host, "schema_name", "")


def is_loopback(request: HttpRequest) -> bool:
    """From this machine itself. A request that a proxy passed on is not, wherever the proxy runs."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def current_schema() -> str:
    """The schema this thread works in; empty before Django is ready."""
    return tenancy.current_schema() if apps.ready else ""
