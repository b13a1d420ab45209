"""The second factor of the academy's staff: installed once, given at each sign-in."""

import io
from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError
from shared_apps.accounts import totp
from shared_apps.accounts.forms import OneTimeCodeForm, RecoveryCodeForm
from shared_apps.accounts.sessions import mark_verified
from shared_apps.accounts.throttle import Throttle


def enrol(request: HttpRequest) -> HttpResponse:
    """Scan a picture, type the first code; the recovery codes are shown then, and never again."""
    if totp.confirmed(request.user):
        return redirect("accounts:verify")
    _factor, secret = totp.begin(request.user)
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.confirm):
        messages.success(request, _("Votre téléphone est enregistré."))
        return _show_recovery_codes(request)
    context = {"form": form, "secret": secret, "picture": _picture(totp.address(request.user, secret))}
    return render(request, "accounts/enrol.html", context, status=422 if form.errors else 200)


def verify(request: HttpRequest) -> HttpResponse:
    if totp.confirmed(request.user) is None:
        return redirect("accounts:enrol")
    form = OneTimeCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.verify):
        return redirect("home")
    return render(request, "accounts/verify.html", {"form": form}, status=422 if form.errors else 200)


def recover(request: HttpRequest) -> HttpResponse:
    """Without the phone: one of the recovery codes."""
    if totp.confirmed(request.user) is None:
        return redirect("accounts:enrol")
    form = RecoveryCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try_code(request, form, totp.recover):
        left = len(totp.confirmed(request.user).recovery_digests)
        words = ngettext("Il vous reste %(count)s code de secours.", "Il vous reste %(count)s codes de secours.", left)
        messages.warning(request, words % {"count": left})
        return redirect("accounts:account")
    return render(request, "accounts/recover.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones, from « Mon compte »."""
    if totp.confirmed(request.user) is None:
        return redirect("accounts:account")
    return _show_recovery_codes(request)


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
