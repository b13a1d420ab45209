"""Home of the academy, and the list of communes."""

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import registry
from shared_apps.onboarding import in_force, journey
from shared_apps.onboarding.models import Case
from shared_apps.onboarding.views.shared import require
from shared_apps.reference.models import Department, RefCommune, RefSchool

PER_PAGE = 20
WAITING = [*journey.ACTS, Case.State.SIGNED_BY_BOTH]


def home(request: HttpRequest) -> HttpResponse:
    """« Aujourd’hui »: the cases that wait for me, the oldest first; then those of nobody or of others."""
    require(request, "onboarding.view_communes")
    cases = Case.objects.visible_to(request.user).filter(state__in=WAITING).select_related("commune", "owner")
    lines = [journey.waiting_line(case) for case in cases.order_by("state_since", "id")]
    mine = [line for line in lines if line["case"].owner_id == request.user.pk]
    others = [line for line in lines if line["case"].owner_id != request.user.pk]
    openings = Case.objects.visible_to(request.user).filter(state=Case.State.OPEN).select_related("commune")
    context = {
        "mine": mine,
        "late": sum(line["is_late"] for line in mine),
        "others": others[:10],
        "others_count": len(others),
        "opened": openings.order_by("-state_since", "-id")[:5],
        "may_manage": request.user.has_perm("onboarding.manage_case"),
        "links": _links(request.user),
    }
    return render(request, "onboarding/home.html", context)


def _links(user: Any) -> list[dict[str, Any]]:
    """The academy's other pages that this person may open."""
    links = sorted((e for e in registry.resource_links if "academy" in e.profiles), key=lambda e: e.order)
    return [
        {"label": link.label, "url": reverse(link.url_name), "icon": link.icon}
        for link in links
        if not link.permission or user.has_perm(link.permission)
    ]


def communes(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.view_communes")
    request.nav_current = "onboarding:communes"
    query = request.GET.get("q", "").strip()
    visible = RefCommune.objects.current().visible_to(request.user)
    # A search looks everywhere; the list shows the communes that can join.
    base = visible if query else visible.with_public_school()
    rows = _filtered(base, request.GET)
    rows = rows.search(query) if query else rows.order_by("sort_name", "insee")
    page = Paginator(rows.select_related("case"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(page, request.user),
        "query": query,
        "filters": _filters(request.GET),
        "joined_tabs": _joined_tabs(request.GET),
        "page_url": f"?{_without(request.GET, 'page')}&page=",
        "is_filtered": bool(query or request.GET.get("departement") or request.GET.get("etat")),
    }
    return render(request, "onboarding/communes.html", context)


def _filtered(rows: Any, asked: QueryDict) -> Any:
    if (department := asked.get("departement")) in Department.values:
        rows = rows.of_department(department)
    if (state := asked.get("etat")) in Case.State.values:
        rows = rows.filter(case__state=state)
    elif state == "aucun":
        rows = rows.filter(case=None)
    if asked.get("adhesion") == "oui":
        rows = rows.filter(insee__in=in_force.joined_communes())
    elif asked.get("adhesion") == "non":
        rows = rows.exclude(insee__in=in_force.joined_communes())
    return rows


def _lines(page: Any, user: Any) -> list[dict[str, Any]]:
    """The communes of the page with their public schools and pupils, in one query."""
    communes = list(page)
    schools: dict[str, list[int]] = defaultdict(list)
    found = RefSchool.objects.current().public().filter(commune__in=[c.insee for c in communes]).visible_to(user)
    for insee, pupils in found.order_by().values_list("commune_id", "pupils"):
        schools[insee].append(pupils or 0)
    return [
        {
            "commune": commune,
            "schools": len(schools[commune.insee]),
            "pupils": sum(schools[commune.insee]),
            "tag": journey.tag(getattr(commune, "case", None)),
        }
        for commune in communes
    ]


def _filters(asked: QueryDict) -> list[dict[str, Any]]:
    states = [("", _("Tous les états")), ("aucun", _("Pas de dossier"))]
    states += [(value, label.capitalize()) for value, label in Case.State.choices]
    departments = [("", _("Tous les départements")), *Department.choices]
    return [
        _select("departement", _("Département"), departments, asked),
        _select("etat", _("État du dossier"), states, asked),
    ]


def _select(name: str, label: str, choices: list[tuple[str, str]], asked: QueryDict) -> dict[str, Any]:
    current = asked.get(name, "")
    options = [{"value": v, "label": text, "selected": v == current} for v, text in choices]
    return {"name": name, "label": label, "options": options}


def _joined_tabs(asked: QueryDict) -> list[dict[str, Any]]:
    rest = _without(asked, "adhesion", "page")
    labels = {"": _("Toutes"), "oui": _("Ont rejoint"), "non": _("N’ont pas rejoint")}
    current = asked.get("adhesion", "")
    return [
        {"label": label, "url": f"?{rest}&adhesion={value}" if value else f"?{rest}", "current": value == current}
        for value, label in labels.items()
    ]


def _without(asked: QueryDict, *names: str) -> str:
    kept = asked.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()
