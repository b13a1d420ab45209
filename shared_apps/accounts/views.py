"""Signing in, out, and for the first time."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts import codes, services, totp
from shared_apps.accounts.forms import CodeForm, OneTimeCodeForm, PasswordForm, SignInForm
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, enter
from shared_apps.accounts.throttle import CODES_PER_ADDRESS, Throttle
from shared_apps.audit.services import record

CODE_KEY = "activation_code"


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _authenticate(request, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            if user is not None:
                enter(request, user)
                record(actor=user, action="accounts.signed_in", obj=user)
                return HttpResponseRedirect(_next_page(request))
    return render(request, "accounts/sign_in.html", {"form": form}, status=422 if form.errors else 200)


def _authenticate(request: HttpRequest, form: SignInForm) -> Any:
    typed = form.cleaned_data
    throttle = Throttle("sign-in", typed["identifier"].strip().lower(), client_address(request))
    left = throttle.begin()
    user = authenticate(request, **typed)
    if user is not None:
        throttle.succeed(left)
        return user
    throttle.fail(left)
    tries = ngettext("Il reste %(left)s essai.", "Il reste %(left)s essais.", left) % {"left": left}
    form.add_error(None, _("Identifiant ou mot de passe incorrect. %(tries)s") % {"tries": tries})
    return None


def _next_page(request: HttpRequest) -> str:
    page = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if page and is_ours else reverse("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:sign_in")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    services.end_sessions(actor=request.user, user=request.user)
    logout(request)
    messages.success(request, _("Toutes vos connexions sont fermées."))
    return redirect("accounts:sign_in")


def account(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account.html", {"factor": totp.confirmed(request.user)})


# --- activation: code → password → signed in


@login_not_required
def activate(request: HttpRequest) -> HttpResponse:
    """First step: whose account does this code open?"""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        digest = codes.digest_of(form.cleaned_data["code"])
        try:
            _try_activation_code(request, digest)
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            request.session[CODE_KEY] = digest
            return redirect("accounts:choose_password")
    return render(request, "accounts/activate.html", {"form": form}, status=422 if form.errors else 200)


def _try_activation_code(request: HttpRequest, digest: str) -> None:
    """Only codes that open nothing are tries: a family that types right leaves the others theirs."""
    throttle = Throttle("activation", client_address(request), limit=CODES_PER_ADDRESS)
    throttle.begin()
    is_guess = False
    try:
        services.account_for(digest=digest)
    except DomainError as refusal:
        is_guess = refusal.code == "unknown"
        raise
    finally:
        if not is_guess:
            throttle.take_back()


@login_not_required
@sensitive_post_parameters("password")
def choose_password(request: HttpRequest) -> HttpResponse:
    digest = request.session.get(CODE_KEY, "")
    try:
        user = services.account_for(digest=digest)
        form = PasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            user = services.activate(digest=digest, password=typed["password"], email=typed["email"])
            return _activated(request, user)
    except DomainError as refusal:  # also of two clicks at once
        request.session.pop(CODE_KEY, None)
        messages.error(request, refusal.message)
        return redirect("accounts:activate")
    context = {"form": form, "account": user}
    return render(request, "accounts/choose_password.html", context, status=422 if form.errors else 200)


def _activated(request: HttpRequest, user: Any) -> HttpResponse:
    del request.session[CODE_KEY]
    enter(request, user)
    messages.success(request, _("Votre compte est activé."))
    return redirect("home")


# --- the second factor


def enrol(request: HttpRequest) -> HttpResponse:
    """Scan a picture, type the first code."""
    if totp.confirmed(request.user):
        return redirect("accounts:verify")
    _factor, secret = totp.begin(request.user)
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.confirm):
        messages.success(request, _("Votre second facteur est enregistré."))
        return redirect("home")
    context = {"form": form, "secret": secret, "picture": _picture(totp.address(request.user, secret))}
    return render(request, "accounts/enrol.html", context, status=422 if form.errors else 200)


def verify(request: HttpRequest) -> HttpResponse:
    if totp.confirmed(request.user) is None:
        return redirect("accounts:enrol")
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.verify):
        return redirect("home")
    return render(request, "accounts/verify.html", {"form": form}, status=422 if form.errors else 200)


def _try_code(request: HttpRequest, form: OneTimeCodeForm, check: Any) -> bool:
    throttle = Throttle("second-factor", str(request.user.pk))
    try:
        left = throttle.begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    if not check(request.user, form.cleaned_data["code"]):
        throttle.fail(left)
        form.add_error("code", _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."))
        return False
    throttle.succeed(left)
    request.session.cycle_key()
    request.session[SECOND_FACTOR_KEY] = True
    return True


def _picture(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=False, scale=5, border=2, omitsize=True)
    return mark_safe(out.getvalue().decode())  # noqa: S308  (made by segno from an otpauth address, no text of a user)
