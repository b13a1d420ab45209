"""From a commune to the next without typing a password twice: asked here, answered there, opened here."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.tenancy import PUBLIC
from shared_apps.accounts.sessions import enter, mark_verified
from shared_apps.audit.services import record
from tenant_apps.links.children import children_of, may_pass_on
from tenant_apps.links.models import AccountLink
from tenant_apps.links.services import passages, postings
from tenant_apps.links.views.shared import refused
from tenants import letters
from tenants.letters import Letter
from tenants.neighbours import neighbour


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """The door of this commune, for who is signed in elsewhere. Whoever is in stays in, and says if they leave."""
    origin = neighbour(request.GET.get("depuis", ""))
    if origin is None:
        raise Http404
    if request.user.is_authenticated:
        if request.method != "POST":
            return _already_in(request, origin)
        logout(request)
    return HttpResponseRedirect(passages.ask(request, origin))


def _already_in(request: HttpRequest, origin: Any) -> HttpResponse:
    from_academy = origin.schema == PUBLIC and postings.is_posted(request.user)
    if from_academy or AccountLink.objects.joined().filter(user=request.user, other=origin.schema).exists():
        return redirect("home")
    return render(request, "links/already_in.html", {"there": origin})


def towards(request: HttpRequest) -> HttpResponse:
    """Another commune asks who is here, and this account is linked to one of its accounts."""
    try:
        asking = letters.read("asking", request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return refused(request, _("Ce passage est trop ancien. Reprenez depuis l’accueil."))
    if not may_pass_on(request):
        return refused(request, _("Entrez d’abord ici avec votre mot de passe."), asking.sender)
    try:
        return HttpResponseRedirect(passages.opening_for(actor=request.user, asking=asking))
    except DomainError as refusal:
        return refused(request, refusal.message, asking.sender)


@login_not_required
def arrive(request: HttpRequest) -> HttpResponse:
    """The answer. A number that this browser did not ask with, or a letter that served, opens nothing."""
    try:
        letter = letters.read("opening", request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return refused(request, _("Ce passage est trop ancien. Reprenez depuis l’accueil."))
    try:
        passages.answer_asked(request, letter)
        return _enter(request, letter)
    except DomainError as refusal:
        return refused(request, refusal.message, letter.sender)


def _enter(request: HttpRequest, letter: Letter) -> HttpResponse:
    if letter.sender.schema == PUBLIC:
        return _enter_from_academy(request, letter)
    link = passages.linked_account(letter)
    enter(request, link.user)
    request.session[passages.LINK_KEY] = str(link.pk)
    request.session.set_expiry(int(passages.STAYS.total_seconds()))
    record(actor=link.user, action="links.entered", obj=link, other=link.other)
    return redirect("home")


def _enter_from_academy(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Both factors were given there, the same minute."""
    user = postings.posted_account(letter.data["subject"])
    enter(request, user)
    mark_verified(request)
    record(actor=user, action="links.entered_from_academy", obj=user)
    return redirect("home")


@csrf_exempt
@login_not_required
@require_POST
def children(request: HttpRequest) -> HttpResponse:
    """The list's answer to the page of a linked commune. No cookie is asked nor read: the letter says it all."""
    try:
        letter = letters.read("children", request.POST.get("lettre", ""))
    except letters.UnreadableLetter:
        return JsonResponse({"children": []}, status=410)
    response = _children_for(letter)
    # To the page of this very commune, and to no other that would hold the letter.
    response.headers["Access-Control-Allow-Origin"] = letter.sender.url
    response.headers["Vary"] = "Origin"
    return response


def _children_for(letter: Letter) -> JsonResponse:
    try:
        link = passages.linked_account(letter, opens_session=False)
        passages.spend(letter)
    except DomainError:
        return JsonResponse({"children": []}, status=410)
    return JsonResponse({"children": children_of(link.user)})
