"""What every page needs around its content: place, entries, viewer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import registry
from core.words import day


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "place": _place(request),
        "nav": _nav(request) if signed_in else [],
        "viewer": user if signed_in else None,
        # who has several profiles: the one in use, and where to change it
        "switch": getattr(request, "switch", None),
        # who is seeing as somebody else: whose pages these are, and the way out
        "seen_as": getattr(request, "seen_as", None),
        "banner": _band(request),
        "flash": next((found for source in registry.flashes if (found := source(request))), None)
        if signed_in
        else None,
        "may_search": getattr(request, "may_search", False),
        "is_demo": settings.ENT_DEMO,
    }


def _place(request: HttpRequest) -> dict[str, str] | None:
    """A view may set `request.place = {"name": school, "detail": commune}`; else the host speaks."""
    if place := getattr(request, "place", None):
        return place
    host = getattr(request, "host_entry", None)
    if host is None:
        return None
    if host.is_academy:
        return {"name": "Académie de Montpellier", "detail": "Région académique Occitanie"}
    return {"name": host.name, "detail": ""}


def _band(request: HttpRequest) -> registry.Banner | None:
    """The sentence over the pages of a commune that can only be read; else what an app says."""
    host = getattr(request, "host_entry", None)
    if host is None or not host.is_read_only:
        return next((found for source in registry.banners if (found := source(request))), None)
    if host.closes_on is None:
        return registry.Banner(_("Cet espace est en lecture seule."))
    words = _("La convention a pris fin : cet espace est en lecture seule. Il se lira jusqu’au %(day)s.")
    return registry.Banner(words % {"day": day(host.closes_on)})


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    match = request.resolver_match
    here = f"{match.namespace}:{match.url_name}" if match and match.namespace else getattr(match, "url_name", "")
    current = getattr(request, "nav_current", here)
    return [
        {
            **facts,
            "current": current == entry.url_name,
            "badge": str(entry.badge(request) or "") if entry.badge else "",
        }
        for entry, facts in placed(registry.menu_entries, getattr(request, "profile", ""))
        if not entry.permission or request.user.has_perm(entry.permission)
    ]


# (registry, how many it holds, profile, language, routes) -> what `placed` answers
_PLACED: dict[Any, list[tuple[Any, dict[str, Any]]]] = {}


def placed(source: registry.Registry[Any], profile: str) -> list[tuple[Any, dict[str, Any]]]:
    """Entries of a profile in their order, with their words, address and icon; those without a page here are left out.

    Worked out once: to find fifteen addresses costs a page more than to print them.
    """
    key = source.what, len(list(source)), profile, get_language(), get_urlconf()
    if key not in _PLACED:
        entries = sorted((entry for entry in source if profile in entry.profiles), key=lambda entry: entry.order)
        _PLACED[key] = [(entry, facts) for entry in entries if (facts := _facts(entry))]
    return _PLACED[key]


def _facts(entry: Any) -> dict[str, Any]:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:
        return {}
    # Escaped here, since who prints them would at each page; a lazy label would stay so, and be said anew each time.
    return {"label": escape(str(entry.label)), "url": escape(url), "icon": entry.icon}
