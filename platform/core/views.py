import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as fault

RETRY_AFTER = 60  # seconds


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`. A lost database is no fault of the page: it comes back by itself."""
    if not is_lost(sys.exc_info()[1]):
        return fault(request)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


def is_lost(error: Any) -> bool:
    """No answer, or one that says it stops; a lock that lasted has its SQLSTATE and is a fault."""
    while error is not None and not isinstance(error, OperationalError | InterfaceError):
        error = error.__cause__ or error.__context__
    if error is None:
        return False
    state = getattr(error.__cause__, "pgcode", None) or ""
    return not state or state.startswith(("08", "57P"))
