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
from shared_apps.accounts import services, totp
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.forms import AddressForm, ChangePasswordForm
from shared_apps.accounts.sessions import opened_at
from shared_apps.accounts.throttle import Throttle


def account(request: HttpRequest) -> HttpResponse:
    request.nav_current = "home"
    context = {
        "factor": totp.confirmed(request.user),
        "is_pupil": facts_of(request.user).is_pupil,
        "opened_at": opened_at(request),
        "closes_at": request.session.get_expiry_date(),
    }
    return render(request, "accounts/account.html", context)


@sensitive_post_parameters("current", "password")
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid() and _is_the_person(request, form):
        user = services.change_password(actor=request.user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Votre mot de passe est changé. Vos autres connexions sont fermées."))
        return redirect("accounts:account")
    context = {"form": form, "title": _("Changer de mot de passe")}
    return render(request, "accounts/change.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("current")
def change_address(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"email": request.user.email})
    if request.method == "POST" and form.is_valid() and _is_the_person(request, form):
        services.change_address(actor=request.user, email=form.cleaned_data["email"])
        messages.success(request, _("Votre adresse est enregistrée."))
        return redirect("accounts:account")
    context = {"form": form, "title": _("Changer d’adresse électronique")}
    return render(request, "accounts/change.html", context, status=422 if form.errors else 200)


def _is_the_person(request: HttpRequest, form: Any) -> bool:
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
