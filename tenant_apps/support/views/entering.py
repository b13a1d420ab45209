"""The door of the assistance, for an access that was granted. Nobody is signed in here yet."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.sessions import enter, mark_accepted
from tenant_apps.support.services import entering
from tenants import letters


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in here stays: an agent who is also a parent signs out first."""
    if request.user.is_authenticated:
        return _refused(request, _("Quelqu’un est déjà connecté ici, sur ce navigateur. Déconnectez-vous d’abord."))
    return HttpResponseRedirect(entering.ask(request, request.GET.get("acces", "")[:40]))


@login_not_required
def arrive(request: HttpRequest) -> HttpResponse:
    try:
        letter = letters.read("support_opening", request.GET.get("lettre", ""))
    except letters.UnreadableLetter:
        return _refused(request, _("Ce passage est trop ancien. Reprenez depuis la page des accès, à l’académie."))
    try:
        access = entering.opened_by(request, letter)
    except DomainError as refusal:
        return _refused(request, refusal.message)
    enter(request, access.account)
    mark_accepted(request)  # the charter of those who live here is not for who looks in
    request.session[entering.ACCESS_KEY] = str(access.pk)
    request.session.set_expiry(max(1, int((access.ends_at - timezone.now()).total_seconds())))
    return redirect("support:look")


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "support/refused.html", {"words": words}, status=410)
