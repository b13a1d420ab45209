"""What helps to understand, and says nothing of anybody: shown to the person, who joins it or not."""

import re
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from shared_apps.accounts.devices import described

SCREEN = re.compile(r"\d{2,5}x\d{2,5}")
PAGE = re.compile(r"[a-z_]+(:[a-z_]+)?")
ERRORS_KEPT = 3
AN_HOUR = 3600


def bundle(request: HttpRequest, *, page: str = "", screen: str = "") -> dict[str, str]:
    """Every value has a known form: a family of browsers, two numbers, a name of ours."""
    kind, label = described(request.headers.get("User-Agent", ""))
    found = {
        "browser": label or str(kind),
        "screen": screen if SCREEN.fullmatch(screen) else "",
        "version": version("ent-ecole"),
        "page": page if PAGE.fullmatch(page) else "",
        "errors": ", ".join(errors_of(request.user)),
    }
    return {name: value for name, value in found.items() if value}


def lines(facts: dict[str, str]) -> list[dict[str, str]]:
    words = {
        "browser": _("Navigateur"),
        "screen": _("Écran"),
        "version": _("Version d’ENT-école"),
        "page": _("Page"),
        "errors": _("Numéros des dernières erreurs"),
    }
    return [{"name": name, "label": words[name], "value": facts[name]} for name in words if name in facts]


def page_before(request: HttpRequest) -> str:
    """The name of the page from which « Aide » was opened: never its address, which could name a child."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    try:
        return resolve(before.path, getattr(request, "urlconf", None)).view_name
    except Resolver404:
        return ""


def note_error(request: Any) -> None:
    """The number of a page that failed, as in the log. Kept an hour, of the last three."""
    if request.user.is_authenticated:
        numbers = [request.request_id[:12], *errors_of(request.user)][:ERRORS_KEPT]
        cache.set(_key(request.user), numbers, AN_HOUR)


def errors_of(user: Any) -> list[str]:
    return cache.get(_key(user)) or []


def _key(user: Any) -> str:
    return f"support-errors-{user.pk}"
