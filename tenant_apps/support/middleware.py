"""A session that an access opened: reads the pages listed here and nothing else, each one noted, until it ends."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib.auth import logout
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from core.tenancy import is_public
from shared_apps.audit.services import record
from tenant_apps.support import diagnostics
from tenant_apps.support.banners import banners_for
from tenant_apps.support.models import SupportAccess
from tenant_apps.support.services.entering import ACCESS_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]
PROFILE = "assistance"
PAGES = frozenset({"support:look", "support:look_class", "support:look_accounts", "support:look_file"})
WAYS_OUT = frozenset({"support:leave", "accounts:sign_out"})
SAFE = frozenset({"GET", "HEAD"})


class AssistanceMiddleware:
    """After the profile, before anything that gives a page. Whatever else the platform has is closed by not being
    in the list; and the account has no relation in the commune, so that no row would be visible to it anyway.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if is_public() or not request.user.is_authenticated:
            return self.get_response(request)
        request.support_banners = SimpleLazyObject(lambda: banners_for(request.user))
        if ACCESS_KEY not in request.session:
            return self.get_response(request)
        access = _running(request)
        if access is None:
            logout(request)
            return render(request, "support/over.html", status=410)
        return self._look(request, access)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        with suppress(Exception):  # the page that says sorry matters more
            if not is_public():
                diagnostics.note_error(request)

    def _look(self, request: Any, access: SupportAccess) -> HttpResponse:
        request.support_access = access
        request.profiles, request.profile, request.may_search = (PROFILE,), PROFILE, False
        request.place = {"name": str(access.school or request.host_entry.name), "detail": "lecture seule"}
        page = _page(request)
        if page in WAYS_OUT:
            return self.get_response(request)
        if page not in PAGES or request.method not in SAFE:
            return render(request, "support/closed.html", status=403)
        number = request.resolver_kwargs.get("pk", "")
        facts = {"agent": str(access.agent), "page": page, "about": str(number)}
        record(actor=request.user, action="support.page_read", obj=access, **facts)
        # The second wall: a page that writes fails, whatever the list says.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return self.get_response(request)


def _running(request: Any) -> SupportAccess | None:
    """Asked at each request: ended by anybody, or by the hour, it is over at once."""
    rows = SupportAccess.objects.running().select_related("school", "ticket")
    return rows.filter(pk=request.session[ACCESS_KEY], account=request.user).first()


def _page(request: Any) -> str:
    request.resolver_kwargs = {}
    try:
        found = resolve(request.path_info, getattr(request, "urlconf", None))
    except Resolver404:
        return ""
    request.resolver_kwargs = found.kwargs
    return found.view_name
