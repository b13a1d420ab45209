"""The accesses of the assistance: asked, granted, refused, ended by who answers for the place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.audit.models import Entry
from tenant_apps.support.models import SupportAccess
from tenant_apps.support.services import accesses as services

MOST = 50


def accesses(request: HttpRequest) -> HttpResponse:
    """What waits, what is open, what was; of each, what was read."""
    if not request.user.has_perm("support.decide_accesses"):
        raise PermissionDenied
    rows = SupportAccess.objects.visible_to(request.user).select_related("school", "decided_by", "ticket")
    rows = list(rows.order_by("-created_at", "-pk")[:MOST])
    reads = _reads(rows)
    context = {
        "waiting": [row for row in rows if row.is_waiting],
        "running": [{"row": row, "reads": reads.get(str(row.pk), [])} for row in rows if row.is_running],
        "over": [
            {"row": row, "reads": reads.get(str(row.pk), [])} for row in rows if not (row.is_waiting or row.is_running)
        ],
    }
    return render(request, "support/accesses.html", context)


def _reads(rows: list[SupportAccess]) -> dict[str, list[Entry]]:
    """From the audit itself: each page that was read, at what time."""
    kept = Entry.objects.filter(
        object_type=SupportAccess._meta.label_lower,
        object_id__in=[str(row.pk) for row in rows],
        action__in=["support.access_entered", "support.page_read"],
    )
    found: dict[str, list[Entry]] = {}
    for entry in kept.order_by("sequence"):
        found.setdefault(entry.object_id, []).append(entry)
    return found


@require_POST
def grant(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _decided(request, pk)
    if _attempt(request, lambda: services.grant(actor=request.user, access=row)):
        words = _("L’accès est ouvert, en lecture seule. Chaque page lue est notée ; vous pouvez y mettre fin ici.")
        messages.success(request, words)
    return redirect("support:accesses")


@require_POST
def refuse(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _decided(request, pk)
    if _attempt(request, lambda: services.refuse(actor=request.user, access=row)):
        messages.success(request, _("C’est refusé. L’académie le sait, rien n’est ouvert."))
    return redirect("support:accesses")


@require_POST
def end(request: HttpRequest, pk: Any) -> HttpResponse:
    services.end(actor=request.user, access=_decided(request, pk))
    messages.success(request, _("C’est terminé : l’assistance ne lit plus rien ici."))
    return redirect("support:accesses")


def _decided(request: HttpRequest, pk: Any) -> SupportAccess:
    return get_object_or_404(SupportAccess.objects.visible_to(request.user), pk=pk)


def _attempt(request: HttpRequest, act: Callable[[], Any]) -> Any:
    try:
        return act()
    except DomainError as error:
        messages.error(request, error.message)
        return None
