from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.reference.models import Department, District
from shared_apps.reference.scopes import scope_of
from shared_apps.training.models import Session

MANAGE = "training.manage_sessions"
PLACES = ("departement", "circonscription")


def require(request: HttpRequest, permission: str) -> None:
    request.nav_current = "training:sessions"
    if not request.user.has_perm(permission):
        raise PermissionDenied


def visible_session(request: HttpRequest, pk: Any, permission: str = "training.view_sessions") -> Session:
    """404 for what one does not see, 403 for what one may not do."""
    request.nav_current = "training:sessions"
    session = get_object_or_404(Session.objects.visible_to(request.user).for_lists(), pk=pk)
    require(request, permission)
    return session


def attempt(request: HttpRequest, act: Callable[[], Any]) -> bool:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return False
    return True


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The three pages of the room; the place that was asked for stays."""
    kept = kept_place(request)
    pages = {"sessions": _("Sessions"), "catalogue": _("Catalogue"), "coverage": _("Couverture des écoles")}
    return [
        {"label": label, "url": f"{reverse(f'training:{name}')}?{kept}", "current": name == current}
        for name, label in pages.items()
    ]


def kept_place(request: HttpRequest) -> str:
    return urlencode([(name, request.GET[name]) for name in PLACES if request.GET.get(name)])


def select(name: str, label: str, choices: list[tuple[str, Any]], asked: QueryDict) -> dict[str, Any]:
    current = asked.get(name, "")
    options = [{"value": value, "label": text, "selected": value == current} for value, text in choices]
    return {"name": name, "label": label, "options": options}


def place_filters(request: HttpRequest) -> list[dict[str, Any]]:
    """Département and circonscription, for who sees more than one of them."""
    scope = scope_of(request.user)
    found = []
    if scope.is_whole:
        departments = [("", _("Tous les départements")), *Department.choices]
        found.append(select("departement", _("Département"), departments, request.GET))
    if scope.is_whole or scope.departments:
        rows = District.objects.current()
        if not scope.is_whole:
            rows = rows.filter(department_code__in=scope.departments)
        choices = [("", _("Toutes les circonscriptions"))]
        choices += list(rows.values_list("uai", "short_name"))
        found.append(select("circonscription", _("Circonscription"), choices, request.GET))
    return found


def without_page(asked: QueryDict) -> str:
    kept = asked.copy()
    kept.pop("page", None)
    return kept.urlencode()
