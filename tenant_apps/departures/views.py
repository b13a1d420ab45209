"""One's own departure and what to take away; for heads and the town, where departures stand."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.files.links import signed_url
from tenant_apps.departures import archives
from tenant_apps.departures.models import Archive, Departure
from tenant_apps.departures.querysets import subjects_of
from tenant_apps.people.models import Person
from tenant_apps.schools.models import School

PER_PAGE = 50


def leaving(request: HttpRequest) -> HttpResponse:
    request.nav_current = "home"  # type: ignore[attr-defined]
    people = list(subjects_of(request.user).select_related("departure", "pupil").order_by("sort_name", "pk"))
    mine = {archive.person_id: archive for archive in Archive.objects.visible_to(request.user)}
    children = [
        {"person": person, "departure": getattr(person, "departure", None), "archive": mine.get(person.pk)}
        for person in people
        if hasattr(person, "pupil")
    ]
    own = next((getattr(p, "departure", None) for p in people if p.account_id == request.user.pk), None)
    context = {
        "own": own,
        "children": children,
        "days": settings.ENT_ARCHIVE_DAYS,
        "data_url": _data_url(),
        "is_coming": any(child["archive"] and child["archive"].is_coming for child in children),
    }
    return render(request, "departures/leaving.html", context)


def _data_url() -> str:
    try:
        return reverse("people:my_data")
    except NoReverseMatch:
        return ""


@require_POST
def ask(request: HttpRequest, pk: Any) -> HttpResponse:
    person = get_object_or_404(subjects_of(request.user), pk=pk)
    try:
        archives.ask(actor=request.user, person=person)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("L’archive se prépare : nous vous prévenons quand elle est prête."))
    return redirect("departures:leaving")


def download(request: HttpRequest, pk: Any) -> HttpResponse:
    archive = get_object_or_404(Archive.objects.visible_to(request.user), pk=pk)
    try:
        file = archives.download(actor=request.user, archive=archive)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("departures:leaving")
    return HttpResponseRedirect(signed_url(file, request.user))


def departures(request: Any) -> HttpResponse:
    """The head: who leaves, whether the archive was taken, who is erased when. The town: numbers."""
    if not request.user.has_perm("departures.follow"):
        raise PermissionDenied
    request.nav_current = "people:school"
    counted = Departure.objects.counted_for(request.user)
    named = counted.filter(school__in=_headed(request.user)) if request.profile == "head" else counted.none()
    rows = named.select_related("person", "school").order_by("since", "person__sort_name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "is_head": request.profile == "head",
        "counts": _counts(counted),
        "leavers": _leavers(request) if request.profile == "head" else [],
        "day": settings.ENT_ERASURE_DAY,
        "taken": _taken([row.person_id for row in page]),
    }
    return render(request, "departures/departures.html", context)


def _headed(user: Any) -> Any:
    return School.objects.headed_by(user)


def _counts(rows: Any) -> list[tuple[str, int]]:
    found = Counter(rows.values_list("kind", flat=True))
    pupils, staff, guardians = (found[kind.value] for kind in Departure.Kind)
    return [
        (ngettext("élève", "élèves", pupils), pupils),
        (ngettext("personne de l’école", "personnes de l’école", staff), staff),
        (ngettext("responsable", "responsables", guardians), guardians),
    ]


def _leavers(request: HttpRequest) -> list[dict[str, Any]]:
    """Pupils of the last grade, with whether somebody took their archive."""
    rows = archives.leavers().filter(school_class__school__in=_headed(request.user))
    rows = list(rows.select_related("pupil__person", "school_class").order_by("pupil__person__sort_name", "pk"))
    taken = _taken([row.pupil.person_id for row in rows])
    return [{"row": row, "taken": taken.get(row.pupil.person_id)} for row in rows]


def _taken(persons: list[Person]) -> dict[Any, Any]:
    """person → when its archive was first downloaded."""
    rows = Archive.objects.filter(person__in=persons, downloaded_at__isnull=False).order_by("-downloaded_at")
    return dict(rows.values_list("person", "downloaded_at"))
