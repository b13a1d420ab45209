"""A session that a link opened lives no longer than the link."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from core.tenancy import is_public
from tenant_apps.links.models import AccountLink
from tenant_apps.links.services.passages import LINK_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]


def link_middleware(get_response: GetResponse) -> GetResponse:
    """One query for these sessions, none for the others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_public() and request.user.is_authenticated and not _holds(request):
            logout(request)
        return get_response(request)

    return middleware


def _holds(request: HttpRequest) -> bool:
    link = request.session.get(LINK_KEY)
    return link is None or AccountLink.objects.joined().filter(pk=link, user=request.user).exists()
