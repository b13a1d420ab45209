"""Home of the academy, and the list of communes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import registry
from core.acts import require
from core.csvs import csv_response
from shared_apps.onboarding import finding, journey
from shared_apps.onboarding.calls import next_calls
from shared_apps.onboarding.maps import drawn
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import Department, RefSchool

PER_PAGE = 20
FILTERS = ("q", "departement", "circonscription", "etat", "taille", "adhesion")
WAITING = [*journey.ACTS, Case.State.SIGNED_BY_BOTH, Case.State.TO_RENEW, Case.State.EXPIRED]


def home(request: HttpRequest) -> HttpResponse:
    """« Aujourd’hui »: the cases that wait for me, the oldest first; then those of nobody or of others."""
    require(request, "onboarding.view_communes")
    cases = Case.objects.visible_to(request.user).current().filter(state__in=WAITING).select_related("commune", "owner")
    cases = cases.prefetch_related("contacts", "mandates", "conventions", "endings").with_late_tasks()
    lines = [journey.waiting_line(case) for case in cases.order_by("state_since", "id")]
    lines.sort(key=lambda line: (not line["is_late"], line["since"]))  # what is late first, the oldest before
    mine = [line for line in lines if line["case"].owner_id == request.user.pk]
    others = [line for line in lines if line["case"].owner_id != request.user.pk]
    openings = Case.objects.visible_to(request.user).filter(state=Case.State.OPEN).select_related("commune")
    context = {
        "mine": mine,
        "late": sum(line["is_late"] for line in mine),
        "late_tasks": sum(line["late_tasks"] for line in mine),
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
    asked = request.GET
    rows = finding.communes(request.user, asked)
    page = Paginator(rows.select_related("case"), PER_PAGE).get_page(asked.get("page"))
    labels = {"": _("Toutes"), finding.YES: _("Ont rejoint"), finding.NO: _("N’ont pas rejoint")}
    context = {
        "page": page,
        "lines": _lines(page, request.user),
        "query": asked.get("q", "").strip(),
        "filters": finding.commune_filters(request.user, asked),
        "joined_tabs": finding.tabs(asked, labels),
        "asked": finding.without(asked, "page"),
        "page_url": f"?{finding.without(asked, 'page')}&page=",
        "is_filtered": any(asked.get(name) for name in FILTERS),
    }
    return render(request, "onboarding/communes.html", context)


def communes_csv(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, whole."""
    require(request, "onboarding.view_communes")
    rows = list(finding.communes(request.user, request.GET).select_related("case"))
    heads = [_("Code INSEE"), _("Commune"), _("Département"), _("Intercommunalité"), _("Habitants")]
    heads += [_("Écoles publiques"), _("Élèves"), _("Dossier"), _("A rejoint le")]
    return csv_response("communes.csv", heads, [_cells(line) for line in _lines(rows, request.user)])


def _cells(line: dict[str, Any]) -> list[Any]:
    commune = line["commune"]
    facts = [commune.insee, commune.name, commune.department, commune.epci_name, commune.population]
    return [*facts, line["schools"], line["pupils"], line["tag"]["label"], commune.joined_on or ""]


def _lines(communes: Iterable[Any], user: Any) -> list[dict[str, Any]]:
    """These communes with their public schools and pupils, in one query."""
    communes = list(communes)
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


def schools(request: HttpRequest) -> HttpResponse:
    """The public schools, in the ENT or not: the rows behind the figures."""
    require(request, "onboarding.view_communes")
    request.nav_current = "onboarding:communes"
    asked = request.GET
    page = Paginator(finding.schools(request.user, asked), PER_PAGE).get_page(asked.get("page"))
    labels = {"": _("Toutes"), finding.YES: _("Dans l’ENT"), finding.NO: _("Pas encore")}
    context = {
        "page": page,
        "lines": _school_lines(page),
        "query": asked.get("q", "").strip(),
        "filters": finding.place_filters(request.user, asked),
        "joined_tabs": finding.tabs(asked, labels),
        "asked": finding.without(asked, "page"),
        "page_url": f"?{finding.without(asked, 'page')}&page=",
    }
    return render(request, "onboarding/schools.html", context)


def schools_csv(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.view_communes")
    lines = _school_lines(finding.schools(request.user, request.GET))
    heads = [_("UAI"), _("École"), _("Code INSEE"), _("Commune"), _("Circonscription"), _("Élèves"), _("Dans l’ENT le")]
    rows = [
        [s.uai, s.name, s.commune_id, s.commune.name, s.district or "", s.pupils, since or ""]
        for s, since in ((line["school"], line["since"]) for line in lines)
    ]
    return csv_response("ecoles.csv", heads, rows)


def _school_lines(schools: Iterable[RefSchool]) -> list[dict[str, Any]]:
    schools = list(schools)
    since = finding.joined_since([school.uai for school in schools])
    return [{"school": school, "since": since.get(school.uai)} for school in schools]


def to_call(request: HttpRequest) -> HttpResponse:
    """« Qui appeler ensuite »: a computed order, each with its reasons."""
    require(request, "onboarding.view_communes")
    request.nav_current = "onboarding:communes"
    calls = next_calls(request.user, department=request.GET.get("departement", ""))
    page = Paginator(calls, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tabs": _department_tabs(request.GET),
        "page_url": f"?{finding.without(request.GET, 'page')}&page=",
    }
    return render(request, "onboarding/to_call.html", context)


def _department_tabs(asked: QueryDict) -> list[dict[str, Any]]:
    current = asked.get("departement", "")
    choices = [("", _("Tous")), *Department.choices]
    return [{"label": label, "url": f"?departement={code}", "current": code == current} for code, label in choices]


def the_map(request: HttpRequest) -> HttpResponse:
    require(request, "onboarding.view_communes")
    request.nav_current = "onboarding:communes"
    context = {
        "map": drawn(request.user, request.GET),
        "filters": finding.place_filters(request.user, request.GET),
        "asked": finding.without(request.GET, "page"),
    }
    return render(request, "onboarding/map.html", context)
