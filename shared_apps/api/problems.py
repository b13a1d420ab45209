"""Every refusal as `application/problem+json` (RFC 9457), in French."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


class UnknownFilter(exceptions.ValidationError):
    pass


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """`EXCEPTION_HANDLER`. An unknown error stays one: the log keeps it, the person sees the page of errors."""
    if isinstance(error, DomainError):
        return problem(status.HTTP_409_CONFLICT, detail=error.message, code=error.code)
    response = exception_handler(error, context)
    if response is None:
        return None
    made = problem(response.status_code, **_details(error))
    for name in KEPT & set(response.headers):
        made.headers[name] = response.headers[name]
    return made


KEPT = {"WWW-Authenticate", "Retry-After", "Allow"}


def problem(code: int, /, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title(code), "status": code} | more
    return Response(body, status=code, content_type="application/problem+json")


def _details(error: Exception) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"errors": error.detail}
    if isinstance(error, exceptions.Throttled) and error.wait:
        return {"detail": _("Réessayez dans %(seconds)s secondes.") % {"seconds": int(error.wait) + 1}}
    if isinstance(error, Http404 | PermissionDenied | exceptions.PermissionDenied | exceptions.NotFound):
        return {}
    if isinstance(error, exceptions.ParseError | exceptions.UnsupportedMediaType):
        return {"detail": _("Le corps de la demande doit être du JSON bien formé.")}
    return {}


def title(code: int) -> str:
    titles = {
        400: _("Cette demande n’est pas comprise."),
        401: _("Connectez-vous, ou présentez une clé de lecture valable."),
        403: _("Vous n’avez pas le droit de faire cela."),
        404: _("Cela n’existe pas, ou n’est pas pour vous."),
        405: _("Cette adresse ne se demande pas ainsi."),
        406: _("Seul le JSON est proposé ici."),
        409: _("La demande a été refusée. Rien n’a changé."),
        415: _("Seul le JSON est lu ici."),
        429: _("Trop de demandes en peu de temps."),
    }
    return titles.get(code, _("La demande a été refusée."))
