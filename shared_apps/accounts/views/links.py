"""Pages behind the links of our mails. A mail program may follow a link: a button does the act."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts import addresses, forgotten
from shared_apps.accounts.forms import ForgottenIdentifierForm, ForgottenPasswordForm, NewPasswordForm
from shared_apps.accounts.throttle import ASKED_PER_ADDRESS, Throttle


@never_cache
@login_not_required
def confirm_address(request: HttpRequest) -> HttpResponse:
    token = _token(request)
    try:
        change = addresses.look(token, addresses.CONFIRM)
        if request.method == "POST":
            change = addresses.confirm(token=token)
            messages.success(request, _("Votre adresse est confirmée : l’école vous écrira là."))
            return redirect("accounts:account" if request.user.is_authenticated else "accounts:sign_in")
    except DomainError as refusal:
        return _stale(request, refusal)
    return render(request, "accounts/confirm_address.html", {"change": change, "token": token})


@never_cache
@login_not_required
def revert_address(request: HttpRequest) -> HttpResponse:
    token = _token(request)
    try:
        change = addresses.look(token, addresses.REVERT)
        if request.method == "POST":
            addresses.revert(token=token)
            messages.success(request, _("Votre adresse est revenue, toutes les connexions sont fermées."))
            messages.warning(request, _("Choisissez maintenant un autre mot de passe."))
            return redirect("accounts:forgotten_password")
    except DomainError as refusal:
        return _stale(request, refusal)
    return render(request, "accounts/revert_address.html", {"change": change, "token": token})


@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """« Je n’arrive pas à me connecter » : what was forgotten?"""
    return render(request, "accounts/forgotten.html")


@login_not_required
def forgotten_password(request: HttpRequest) -> HttpResponse:
    form = ForgottenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _may_ask(request, form):
        forgotten.ask_password(identifier=form.cleaned_data["identifier"])
        return render(request, "accounts/asked.html", {"what": "password"})
    context = {"form": form, "what": "password"}
    return render(request, "accounts/forgotten_form.html", context, status=422 if form.errors else 200)


@login_not_required
def forgotten_identifier(request: HttpRequest) -> HttpResponse:
    form = ForgottenIdentifierForm(request.POST or None, places=forgotten.places())
    if request.method == "POST" and form.is_valid() and _may_ask(request, form):
        typed = form.cleaned_data
        forgotten.ask_identifier(email=typed["email"], first_name=typed["first_name"], place=typed.get("place", ""))
        return render(request, "accounts/asked.html", {"what": "identifier"})
    context = {"form": form, "what": "identifier"}
    return render(request, "accounts/forgotten_form.html", context, status=422 if form.errors else 200)


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def reset_password(request: HttpRequest) -> HttpResponse:
    token = _token(request)
    try:
        user = forgotten.look(token)
        typed = request.POST if "password" in request.POST else None
        form = NewPasswordForm(typed, user=user)
        if request.method == "POST" and form.is_valid():
            forgotten.reset(token=token, password=form.cleaned_data["password"])
            messages.success(request, _("Votre mot de passe est changé. Connectez-vous avec le nouveau."))
            return redirect("accounts:sign_in")
    except DomainError as refusal:
        return _stale(request, refusal)
    context = {"form": form, "account": user, "token": token}
    return render(request, "accounts/reset_password.html", context, status=422 if form.errors else 200)


def _token(request: HttpRequest) -> str:
    return request.POST.get("cle", "") or request.GET.get("cle", "")


def _stale(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return render(request, "accounts/stale_link.html", {"why": refusal.message}, status=410)


def _may_ask(request: HttpRequest, form: Any) -> bool:
    try:
        Throttle("forgotten", client_address(request), limit=ASKED_PER_ADDRESS).begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
