"""« Mes enfants dans une autre commune »: linking two accounts in four acts, and untying them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.security import allow
from tenant_apps.links.children import linked_communes, may_pass_on
from tenant_apps.links.forms import CommuneForm
from tenant_apps.links.models import AccountLink
from tenant_apps.links.services import links as services
from tenant_apps.links.views.shared import refused
from tenants import letters
from tenants.letters import Letter
from tenants.neighbours import neighbour


def links(request: HttpRequest) -> HttpResponse:
    """Those that exist, and the choice of another commune."""
    _require_guardian(request)
    form = CommuneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link = services.propose_link(actor=request.user, to=form.cleaned_data["commune"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("links:proposed", link.pk)
    context = {"form": form, "elsewhere": linked_communes(request.user), "asleep": _asleep(request.user)}
    return render(request, "links/links.html", context, status=422 if form.errors else 200)


def _asleep(user: Any) -> list[dict[str, Any]]:
    """Links that open nothing since the password here changed: to be made again, or untied."""
    rows = AccountLink.objects.joined().filter(user=user).select_related("user")
    return [{"link": row, "town": neighbour(row.other)} for row in rows if not row.is_awake]


def proposed(request: HttpRequest, pk: Any) -> HttpResponse:
    """What will happen, and the way to the other commune."""
    link = get_object_or_404(AccountLink.objects.visible_to(request.user).pending(), pk=pk)
    there = neighbour(link.other)
    if there is None:
        raise Http404
    letter = letters.write("proposal", to=there, data={"pair": str(link.pair)})
    context = {"there": there, "url": f"{there.url}{reverse('links:agree')}?lettre={letter}"}
    return render(request, "links/proposed.html", context)


def agree(request: HttpRequest) -> HttpResponse:
    """In the commune that is asked: « relier avec votre compte de… ? »"""
    return _answer(request, "proposal", "links/agree.html", services.agree_to_link, ("answer", "links:confirm"))


def confirm(request: HttpRequest) -> HttpResponse:
    """Back in the first commune: the other one said yes."""
    return _answer(request, "answer", "links/confirm.html", services.complete_link, ("end", "links:finish"))


def _answer(request: HttpRequest, kind: str, template: str, act: Any, then: tuple[str, str]) -> HttpResponse:
    _require_guardian(request)
    letter = _letter(request, kind)
    if letter is None:
        return refused(request, services.stale())
    there = letter.sender
    if request.method == "POST":
        try:
            link = act(actor=request.user, to=there, pair=UUID(letter.data["pair"]))
        except DomainError as refusal:
            return refused(request, refusal.message, there)
        next_kind, page = then
        text = letters.write(next_kind, to=there, data={"pair": str(link.pair)})
        return HttpResponseRedirect(f"{there.url}{reverse(page)}?lettre={text}")
    # The answer to the form leads to the other commune, and nowhere else.
    return allow(render(request, template, {"there": there}), "form-action", there.url)


def finish(request: HttpRequest) -> HttpResponse:
    """In the other commune again: both said yes. Its account is the one that agreed, in the same browser."""
    _require_guardian(request)
    letter = _letter(request, "end")
    if letter is None:
        return refused(request, services.stale())
    try:
        services.complete_link(actor=request.user, to=letter.sender, pair=UUID(letter.data["pair"]))
    except DomainError as refusal:
        return refused(request, refusal.message, letter.sender)
    words = _("C’est fait : votre compte est relié à celui de %(town)s.")
    messages.success(request, words % {"town": letter.sender.name})
    return redirect("links:links")


@require_POST
def revoke(request: HttpRequest, pk: Any) -> HttpResponse:
    link = get_object_or_404(AccountLink.objects.visible_to(request.user).joined(), pk=pk)
    services.revoke_link(actor=request.user, link=link)
    messages.success(request, _("Les deux comptes ne sont plus reliés. L’autre commune est prévenue."))
    return redirect("links:links")


def _letter(request: HttpRequest, kind: str) -> Letter | None:
    try:
        return letters.read(kind, request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return None


def _require_guardian(request: HttpRequest) -> None:
    """A session that came by a link, or that looks as somebody else, makes no link."""
    if not (request.user.has_perm("links.link_account") and may_pass_on(request)):
        raise PermissionDenied
