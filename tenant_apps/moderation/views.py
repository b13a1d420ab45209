"""The head's queue: what readers reported, whichever app it was written in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import registry
from tenant_apps.moderation import services
from tenant_apps.moderation.models import AbstractReport

PER_PAGE = 20


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits first, then what was decided, the latest first."""
    request.nav_current = "people:school"
    if not request.user.has_perm("moderation.moderate"):
        raise PermissionDenied
    page = Paginator(_rows(request.user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = _lines(page.object_list)
    return render(request, "moderation/queue.html", {"page": page})


def _rows(user: Any) -> QuerySet:
    """(id, app) of the reports of every app, in one query."""
    first, *others = [
        source.model.objects.visible_to(user)
        .annotate(app=Value(app), is_first=Q(state="waiting"))
        .order_by()
        .values_list("id", "app", "is_first", "created_at")
        for app, source in registry.reported.items()
    ]
    return first.union(*others, all=True).order_by("-is_first", "-created_at", "-id")


def _lines(rows: Any) -> list[dict[str, Any]]:
    """The reports of a page with their words, two queries an app at most."""
    rows = list(rows)
    found: dict[Any, dict[str, Any]] = {}
    for app, source in registry.reported.items():
        if mine := [pk for pk, of, *_order in rows if of == app]:
            reports = list(source.model.objects.filter(pk__in=mine).select_related("decided_by", source.model.WORDS))
            words = source.lines(reports)
            found |= {report.pk: {"report": report, "words": words[report.pk]} for report in reports}
    return [found[pk] for pk, *_order in rows]


@require_POST
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    report = _visible(request.user, pk)
    services.decide(actor=request.user, report=report, withdraws=request.POST.get("act") == "withdraw")
    messages.success(request, _("C’est décidé. Qui l’a signalé en est prévenu."))
    return redirect("moderation:queue")


def _visible(user: Any, pk: Any) -> AbstractReport:
    """Whichever app keeps it: an id is of one report."""
    for source in registry.reported:
        rows = source.model.objects.visible_to(user).select_related(source.model.WORDS)
        if report := rows.filter(pk=pk).first():
            return report
    raise Http404
