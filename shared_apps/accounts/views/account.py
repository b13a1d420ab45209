"""« Mon compte »: what the school knows one by, and what one may change alone."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from core.errors import DomainError
from shared_apps.accounts import addresses, devices, factors, services, totp
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.forms import AddressForm, ChangePasswordForm
from shared_apps.accounts.sessions import opened_at
from shared_apps.accounts.throttle import Throttle


def account(request: HttpRequest) -> HttpResponse:
    request.nav_current = "home"
    facts = facts_of(request.user)
    context = {
        "factors": factors.of(request.user),
        "codes_left": totp.recovery_codes_left(request.user),
        "has_phone": totp.confirmed(request.user) is not None,
        "is_pupil": facts.is_pupil,
        "needs_second_factor": facts.needs_second_factor,
        "pending": addresses.pending(request.user),
        "opened_at": opened_at(request),
        "closes_at": request.session.get_expiry_date(),
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("current", "password")
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and is_the_person(request, form):
        user = services.change_password(actor=request.user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        devices.follow(request)
        messages.success(request, _("Votre mot de passe est changé. Vos autres connexions sont fermées."))
        return redirect("accounts:account")
    context = {"form": form, "title": _("Changer de mot de passe")}
    return render(request, "accounts/change.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("current")
def change_address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"email": request.user.email})
    if request.method == "POST" and form.is_valid() and is_the_person(request, form) and _may_ask(request, form):
        email = form.cleaned_data["email"]
        if addresses.ask(actor=request.user, email=email) is None:
            messages.info(request, _("C’est déjà votre adresse."))
        elif email:
            words = _("Un courriel est parti à %(email)s : ouvrez son lien pour confirmer. D’ici là rien ne change.")
            messages.success(request, words % {"email": email})
        else:
            messages.success(request, _("Votre adresse est retirée : vous ne recevrez plus de courriel."))
        return redirect("accounts:account")
    context = {"form": form, "title": _("Changer d’adresse électronique")}
    return render(request, "accounts/change.html", context, status=422 if form.errors else 200)


def _may_ask(request: HttpRequest, form: Any) -> bool:
    """Five mails in half an hour: an account must not serve to fill a stranger's mailbox."""
    try:
        Throttle("address", str(request.user.pk)).begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def is_the_person(request: HttpRequest, form: Any) -> bool:
    """Who sits at an open session may not be who opened it: the password is asked again, five times at most."""
    throttle = Throttle("own-password", str(request.user.pk))
    try:
        left = throttle.begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    if not request.user.check_password(form.cleaned_data["current"]):
        throttle.fail()
        words = ngettext(
            "Ce n’est pas votre mot de passe. Il reste %(left)s essai.",
            "Ce n’est pas votre mot de passe. Il reste %(left)s essais.",
            left,
        )
        form.add_error("current", words % {"left": left})
        return False
    throttle.succeed()
    return True
