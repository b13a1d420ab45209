"""The first thing a request meets: which commune is this? It can fail only towards « nobody »."""

from collections.abc import Callable

from core.tenancy import in_public, in_schema
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_urlconf

from tenants.hosts import Host, hosts

GetResponse = Callable[[HttpRequest], HttpResponse]


def commune_middleware(get_response: GetResponse) -> GetResponse:
    """Sets `request.host_entry` and the URL configuration, and works in the commune's schema until the answer is made."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            domain = host_name(request)
        except DisallowedHost:
            return unknown_host(request)
        if domain in settings.ENT_SPECIAL_HOSTS:
            return _serve_special(request, get_response, domain)
        host = hosts.get(domain)
        if host is None:
            return unknown_host(request)
        return _serve(request, get_response, host)

    return middleware


def host_name(request: HttpRequest) -> str:
    """The host without its port, in lower case, without the final dot of an absolute name."""
    name = request.get_host().rsplit(":", 1)[0] if "]" not in request.get_host() else request.get_host()
    return name.lower().removesuffix(".")


def _serve(request: HttpRequest, get_response: GetResponse, host: Host) -> HttpResponse:
    request.host_entry = host
    request.urlconf = settings.PUBLIC_SCHEMA_URLCONF if host.is_academy else settings.ROOT_URLCONF
    set_urlconf(request.urlconf)
    with in_schema(host.schema_name):
        if not host.is_academy and host.state not in ("open", "read_only"):
            return render(request, "errors/commune_closed.html", {"host": host}, status=503)
        return get_response(request)


def _serve_special(request: HttpRequest, get_response: GetResponse, domain: str) -> HttpResponse:
    """Hosts that belong to no commune: the files' and, in the demo, the front door."""
    request.host_entry = None
    request.urlconf = settings.ENT_SPECIAL_HOSTS[domain]
    set_urlconf(request.urlconf)
    with in_public():
        return get_response(request)


def unknown_host(request: HttpRequest) -> HttpResponse:
    request.host_entry = None
    return render(request, "errors/unknown_host.html", status=404)
