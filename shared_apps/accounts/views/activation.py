"""The first time: the code of the sheet, whom it opens, a password, perhaps an address; and one is inside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts import addresses, codes, services
from shared_apps.accounts.facts import facts_of, ties_of
from shared_apps.accounts.forms import ActivationForm, CodeForm
from shared_apps.accounts.sessions import CHARTER_KEY, enter
from shared_apps.accounts.throttle import CODES_PER_ADDRESS, Throttle

# The session keeps the digest of the code, never the code.
CODE_KEY = "activation_code"


@login_not_required
def activate(request: HttpRequest) -> HttpResponse:
    """First step: whose account does this code open?"""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        digest = codes.digest_of(form.cleaned_data["code"])
        try:
            _try_code(request, digest)
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            request.session[CODE_KEY] = digest
            return redirect("accounts:choose_password")
    return render(request, "accounts/activate.html", {"form": form}, status=422 if form.errors else 200)


def _try_code(request: HttpRequest, digest: str) -> None:
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
        facts, ties = facts_of(user), ties_of(user)
        form = ActivationForm(request.POST or None, user=user, is_pupil=facts.is_pupil)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            user = services.activate(digest=digest, password=typed["password"], email=typed.get("email", ""))
            return _activated(request, user)
    except DomainError as refusal:  # also of two clicks at once
        request.session.pop(CODE_KEY, None)
        messages.error(request, refusal.message)
        return redirect("accounts:activate")
    context = {"form": form, "account": user, "ties": ties, "for_whom": _for_whom(ties.children)}
    return render(request, "accounts/choose_password.html", context, status=422 if form.errors else 200)


def _for_whom(children: tuple[Any, ...]) -> str:
    """« Inès », « Inès et Tom », « Inès, Tom et Zoé »."""
    names = [child.name for child in children]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s et %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _activated(request: HttpRequest, user: Any) -> HttpResponse:
    del request.session[CODE_KEY]
    enter(request, user)
    messages.success(request, _("Votre compte est activé. La prochaine fois, votre identifiant suffit."))
    if pending := addresses.pending(user):
        words = _("Un courriel est parti à %(email)s : ouvrez son lien pour confirmer votre adresse.")
        messages.info(request, words % {"email": pending.new_email})
    return redirect("accounts:charter" if request.session.get(CHARTER_KEY) else "home")
