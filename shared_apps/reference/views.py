"""The common page of sign-in: it finds the commune, and remembers it on this device."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shared_apps.reference import finder

COOKIE = "__Host-commune"  # an INSEE code: nothing of a person
COOKIE_AGE = timedelta(days=365)
SIGN_IN = "connexion/"


@login_not_required
def find(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:80]
    context = {"query": text, "found": finder.search(text), "remembered": _remembered(request)}
    return render(request, "reference/find.html", context)


@login_not_required
def go(request: HttpRequest, insee: str) -> HttpResponse:
    """To the commune's own page of sign-in. Its address comes from `Domain`, so that nobody is led elsewhere."""
    commune = finder.commune(insee)
    if commune is None:
        raise Http404
    response = HttpResponseRedirect(finder.address(commune) + SIGN_IN)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, commune.insee, max_age=COOKIE_AGE, secure=secure, httponly=True, samesite="Lax")
    return response


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    response = redirect("reference:find")
    response.set_cookie(COOKIE, "", max_age=0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return response


def _remembered(request: HttpRequest) -> Any:
    insee = request.COOKIES.get(COOKIE, "")
    return finder.commune(insee) if insee else None
