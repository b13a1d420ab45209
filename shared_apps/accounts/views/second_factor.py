"""The second factor: installed once, given at each sign-in. A telephone's code, a passkey, or a recovery code."""

import io
from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts import factors, passkeys, totp
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.forms import OneTimeCodeForm, PasskeyForm, RecoveryCodeForm
from shared_apps.accounts.sessions import ASKED_KEY, SECOND_FACTOR_KEY, after_factor, mark_verified
from shared_apps.accounts.throttle import Throttle


def enrol(request: HttpRequest) -> HttpResponse:
    """Scan a picture, type the first code; the recovery codes are shown then, and never again."""
    if _must_prove_first(request) or totp.confirmed(request.user):
        return redirect("accounts:verify")
    if facts_of(request.user).is_pupil:
        return redirect("accounts:account")
    _factor, secret = totp.begin(request.user)
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.confirm):
        messages.success(request, _("Votre téléphone est enregistré."))
        return _show_recovery_codes(request)
    context = {
        "form": form,
        "secret": secret,
        "picture": _picture(totp.address(request.user, secret)),
        "asked": "" if request.session.get(SECOND_FACTOR_KEY) else request.session.get(ASKED_KEY, ""),
        "due_at": request.user.second_factor_due_at,
    }
    return render(request, "accounts/enrol.html", context, status=422 if form.errors else 200)


def add_passkey(request: HttpRequest) -> HttpResponse:
    """The device makes a key for this host; the first factor of an account brings its recovery codes."""
    if _must_prove_first(request):
        return redirect("accounts:verify")
    if facts_of(request.user).is_pupil:
        return redirect("accounts:account")
    form = PasskeyForm(request.POST or None)
    if "answer" in form.errors:
        form.add_error(None, _("Votre appareil n’a pas fait de clé. Prenez l’application de votre téléphone."))
    if request.method == "POST" and form.is_valid():
        is_first = not factors.of(request.user).exists()
        try:
            passkeys.register(request, name=form.cleaned_data["name"], answer=form.cleaned_data["answer"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            mark_verified(request)
            messages.success(request, _("Votre clé est enregistrée."))
            return _show_recovery_codes(request) if is_first else redirect("accounts:account")
    context = {"form": form, "options": passkeys.registration_options(request)}
    return render(request, "accounts/add_passkey.html", context, status=422 if form.errors else 200)


def verify(request: HttpRequest) -> HttpResponse:
    mine = factors.of(request.user)
    if not mine:
        return redirect("accounts:enrol")
    if request.session.get(SECOND_FACTOR_KEY):
        return redirect("home")
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.verify):
        return redirect(after_factor(request))
    return _ask(request, form)


@require_POST
def verify_passkey(request: HttpRequest) -> HttpResponse:
    """The answer of the browser to the options of the page `verify`."""
    try:
        passkeys.verify(request, answer=request.POST.get("answer", ""))
    except DomainError as refusal:
        form = OneTimeCodeForm(data={})
        form.errors.clear()
        form.add_error(None, refusal.message)
        return _ask(request, form)
    mark_verified(request)
    return redirect(after_factor(request))


def _ask(request: HttpRequest, form: Any) -> HttpResponse:
    kinds = {factor.kind for factor in factors.of(request.user)}
    context = {
        "form": form,
        "has_phone": "totp" in kinds,
        "options": passkeys.authentication_options(request) if "passkey" in kinds else "",
    }
    return render(request, "accounts/verify.html", context, status=422 if form.errors else 200)


def recover(request: HttpRequest) -> HttpResponse:
    """Without the phone: one of the recovery codes."""
    if not factors.of(request.user):
        return redirect("accounts:enrol")
    form = RecoveryCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.recover):
        left = totp.recovery_codes_left(request.user)
        words = ngettext("Il vous reste %(count)s code de secours.", "Il vous reste %(count)s codes de secours.", left)
        messages.warning(request, words % {"count": left})
        return redirect("accounts:account")
    return render(request, "accounts/recover.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones, from « Mon compte »."""
    if not factors.of(request.user):
        return redirect("accounts:account")
    return _show_recovery_codes(request)


@require_POST
def remove_factor(request: HttpRequest, pk: Any) -> HttpResponse:
    factor = get_object_or_404(factors.of(request.user), pk=pk)
    try:
        factors.remove(actor=request.user, factor=factor)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("C’est retiré : cela n’ouvre plus votre compte."))
    return redirect("accounts:account")


def _must_prove_first(request: HttpRequest) -> bool:
    """A password alone must not add a factor of its own to those of the account."""
    return not request.session.get(SECOND_FACTOR_KEY) and factors.of(request.user).exists()


def _show_recovery_codes(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": totp.make_recovery_codes(request.user)})


def _try_code(request: HttpRequest, form: Any, check: Callable[[Any, str], bool]) -> bool:
    throttle = Throttle("second-factor", str(request.user.pk))
    try:
        throttle.begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    if not check(request.user, form.cleaned_data["code"]):
        throttle.fail()
        form.add_error("code", _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant."))
        return False
    throttle.succeed()
    mark_verified(request)
    return True


def _picture(text: str) -> SafeString:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=False, scale=5, border=2, omitsize=True)
    return mark_safe(out.getvalue().decode())  # noqa: S308  (made by segno from an otpauth address, no text of a user)
