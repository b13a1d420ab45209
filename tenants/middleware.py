"""The first thing a request meets: which commune is this? It can fail only towards « nobody »."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import Resolver404, resolve, set_urlconf

from core.tenancy import in_public, in_schema
from tenants.hosts import Host, hosts

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOCKED = 423  # RFC 4918 § 11.3
RETRY_AFTER = 120  # seconds; a migration of one commune lasts less
GetResponse = Callable[[HttpRequest], HttpResponse]


def commune_middleware(get_response: GetResponse) -> GetResponse:
    """Sets `request.host_entry` and the URLs, and works in the commune's schema until the answer is made."""

    def middleware(request: Any) -> HttpResponse:
        request.host_entry = None
        domain = host_name(request)
        if domain in settings.ENT_SPECIAL_HOSTS:
            return _serve_special(request, get_response, settings.ENT_SPECIAL_HOSTS[domain])
        host = hosts.get(domain) if domain else None
        if host is None:
            return _unknown(request)
        return _serve(request, get_response, host)

    return middleware


def host_name(request: HttpRequest) -> str:
    """The `Host` header without its port and final dot, in lower case; empty when it is not one of ours."""
    try:
        return split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""


def _serve(request: Any, get_response: GetResponse, host: Host) -> HttpResponse:
    request.host_entry = host
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF if host.is_academy else settings.ROOT_URLCONF
    set_urlconf(request.urlconf)
    with in_schema(host.schema_name):
        if not host.is_reachable:
            return _closed(request, host)
        if host.is_read_only and not _may_pass(request):
            return render(request, "tenants/read_only.html", {"host": host}, status=LOCKED)
        return get_response(request)


def _may_pass(request: Any) -> bool:
    """In read only: all that only reads, and a few acts on one's own access and data."""
    if request.method in SAFE:
        return True
    try:
        return resolve(request.path_info, request.urlconf).view_name in settings.ENT_READ_ONLY_ACTS
    except Resolver404:
        return True  # the page that says so


def _unknown(request: Any) -> HttpResponse:
    academy = f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}"
    context = {"domain": settings.ENT_DOMAIN, "finder": f"{academy}/trouver/"}
    return render(request, "tenants/unknown_host.html", context, status=404)


def _closed(request: Any, host: Host) -> HttpResponse:
    response = render(request, "tenants/closed.html", {"host": host}, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _serve_special(request: Any, get_response: GetResponse, urlconf: str) -> HttpResponse:
    """Hosts that belong to no commune: the files' and, in the demo, the front door."""
    request.urlconf = urlconf
    set_urlconf(urlconf)
    with in_public():
        return get_response(request)
