"""Signing in and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.durability import commit_without_waiting
from core.errors import DomainError
from core.frozen import together
from core.security import client_address
from core.tenancy import in_public
from shared_apps.accounts import backends, devices, factors, services
from shared_apps.accounts.forms import SignInForm, Typed, typed_of
from shared_apps.accounts.sessions import ASKED_KEY, SECOND_FACTOR_KEY, Arrival, ask_arrival, enter
from shared_apps.accounts.throttle import Throttle
from shared_apps.audit.services import record
from tenants.addresses import base_url

HOME = "/"  # `reverse("home")` of each site: to ask for it costs more than to make the answer


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    arrival: Arrival | None = None
    refusal: list[str] = []
    if request.method == "POST" and (typed := typed_of(request.POST)):
        arrival, refusal = _authenticate(request, typed)
    if arrival is not None:
        user = arrival.account
        with transaction.atomic():
            commit_without_waiting()  # a power cut takes the session along: one signs in again
            enter(request, user, arrival)
            request.session.keep()
            record(actor=user, action="accounts.signed_in", obj=user)
        return HttpResponseRedirect(landing(request, _next_page(request)))
    form = SignInForm(request.POST or None)
    if refusal:
        form.add_error(None, refusal)
    context = {"form": form, "finder_url": _finder_url()}
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def _finder_url() -> str:
    """The common page, on the academy's host."""
    with in_public():
        return base_url() + reverse("reference:find", urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def _authenticate(request: HttpRequest, typed: Typed) -> tuple[Arrival | None, list[str]]:
    """Who comes in, or what to say to who doesn't. All that a sign-in reads is read before the hash."""
    (arrival,) = together(ask_arrival(request, typed.identifier))
    address = "" if arrival.device else client_address(request)  # who is known here is no stranger of this address
    throttle = Throttle("sign-in", typed.identifier, address, delays=True, device=arrival.device)
    try:
        left = throttle.begin()
        if backends.recognise(typed.password, arrival.account) is not None:
            throttle.succeed()
            return arrival, []
        throttle.fail()
    except DomainError as refusal:
        return None, [refusal.message]
    tries = ngettext("Il reste %(left)s essai.", "Il reste %(left)s essais.", left) % {"left": left}
    if not left:
        tries = _("Le prochain essai devra attendre.")
    return None, [_("Identifiant ou mot de passe incorrect."), tries, _("Vérifiez les majuscules.")]


def landing(request: HttpRequest, page: str) -> str:
    """A second factor to install soon is proposed first; the charter and the factor that must be are doors."""
    if request.session.get(ASKED_KEY) == factors.SOON and not request.session.get(SECOND_FACTOR_KEY):
        return reverse("accounts:enrol")
    return page


def _next_page(request: HttpRequest) -> str:
    """Of the form, which had it from the address."""
    page = request.POST.get("next")
    if not page:
        return HOME
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=hosts, require_https=request.is_secure())
    return page if is_ours else HOME


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    devices.leave(request)
    logout(request)
    return redirect("accounts:sign_in")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    services.end_sessions(actor=request.user, user=request.user)
    logout(request)
    messages.success(request, _("Toutes vos connexions sont fermées."))
    return redirect("accounts:sign_in")
