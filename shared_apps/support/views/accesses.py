"""Looking into a commune: asked here, decided there, entered by a letter, ended by either."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts.sessions import ask_factor_again, is_fresh
from shared_apps.audit.services import record
from shared_apps.reference.models import RefSchool
from shared_apps.support import services
from shared_apps.support.forms import AccessForm
from shared_apps.support.models import AccessRequest, TicketHeader
from shared_apps.support.views.shared import is_uuid, require
from tenants import letters
from tenants.models import Commune
from tenants.neighbours import open_neighbours

FRESH = timedelta(minutes=15)  # of the second factor, to ask and to enter


def accesses(request: HttpRequest) -> HttpResponse:
    require(request, "helpdesk.view_accesses")
    rows = AccessRequest.objects.visible_to(request.user).select_related("commune", "agent", "ticket")
    rows = list(rows.order_by("-created_at", "-pk")[:100])
    running = [row.commune.schema_name for row in rows if row.is_running and row.agent_id == request.user.pk]
    doors = {one.schema: one.url for one in open_neighbours(running)} if running else {}
    names = dict(RefSchool.objects.filter(uai__in=[row.uai for row in rows]).values_list("uai", "name"))
    lines = [_line(row, doors, names) for row in rows]
    context = {
        "now": [line for line in lines if not line["row"].is_over],
        "over": [line for line in lines if line["row"].is_over],
        "communes": Commune.objects.reachable().order_by("name", "insee"),
        "may_ask": request.user.has_perm("helpdesk.ask_access"),
    }
    return render(request, "helpdesk/accesses.html", context)


def _line(row: AccessRequest, doors: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    url = doors.get(row.commune.schema_name)
    door = f"{url}/assistance/entree/?acces={row.pk}" if url and row.is_running else ""
    return {"row": row, "what": names.get(row.uai) or row.get_scope_display(), "door": door}


def ask(request: HttpRequest) -> HttpResponse:
    require(request, "helpdesk.ask_access")
    if not is_fresh(request, FRESH):
        ask_factor_again(request, then=request.get_full_path())
        return redirect("accounts:verify")
    ticket = _ticket(request)
    insee = request.GET.get("commune") or (ticket.commune.insee if ticket else "")
    commune = Commune.objects.reachable().filter(insee=insee).first()
    if commune is None or (ticket is not None and ticket.commune != commune):
        return redirect("helpdesk:accesses")
    initial = {"scope": "school", "uai": ticket.uai} if ticket and ticket.uai else {}
    form = AccessForm(request.POST or None, insee=commune.insee, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_access(actor=request.user, commune=commune, ticket=ticket, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            words = _("C’est demandé à %(town)s. Rien n’est ouvert avant la réponse de la commune.")
            messages.success(request, words % {"town": commune})
            return redirect("helpdesk:accesses")
    context = {"form": form, "commune": commune, "ticket": ticket}
    return render(request, "helpdesk/ask_access.html", context, status=422 if form.errors else 200)


def _ticket(request: HttpRequest) -> TicketHeader | None:
    pk = request.GET.get("demande", "")
    rows = TicketHeader.objects.visible_to(request.user).select_related("commune")
    return rows.filter(pk=pk).first() if is_uuid(pk) else None


@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    require(request, "helpdesk.ask_access")
    row = get_object_or_404(AccessRequest.objects.visible_to(request.user), pk=pk)
    services.withdraw_access(actor=request.user, access=row)
    messages.success(request, _("C’est terminé : plus rien n’est ouvert dans la commune."))
    return redirect("helpdesk:accesses")


def towards(request: HttpRequest) -> HttpResponse:
    """A commune asks who stands at its door: answered for the agent to whom it granted this very access."""
    require(request, "helpdesk.ask_access")
    try:
        asking = letters.read("support_asking", request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return _refused(request, _("Ce passage est trop ancien. Reprenez depuis la page des accès."))
    pk = str(asking.data.get("access", ""))
    rows = AccessRequest.objects.running().filter(agent=request.user, commune__schema_name=asking.sender.schema)
    row = rows.select_related("commune", "agent").filter(pk=pk).first() if is_uuid(pk) else None
    if row is None:
        return _refused(request, _("La commune n’a pas accordé cet accès, ou il est terminé."))
    if not is_fresh(request, FRESH):
        ask_factor_again(request, then=request.get_full_path())
        return redirect("accounts:verify")
    record(actor=request.user, action="support.passage_given", obj=row)
    agent = services.agent_number(request.user, row.commune)
    data = {"number": asking.data["number"], "access": str(row.pk), "agent": agent}
    letter = letters.write("support_opening", to=asking.sender, data=data)
    return HttpResponseRedirect(f"{asking.sender.url}/assistance/arrivee/?lettre={letter}")


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "helpdesk/refused.html", {"words": words}, status=410)
