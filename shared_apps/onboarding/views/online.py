"""The mayor's side, by the link of a mail: a code, the text, the signature. Nobody is signed in."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts.throttle import Throttle
from shared_apps.onboarding import documents, services
from shared_apps.onboarding.forms_signing import CodeForm, SignerForm
from shared_apps.onboarding.models import SigningInvitation
from shared_apps.signing.verification import content_of

PROVED_KEY = "signing_proved"  # of the session: {invitation: when its code was given}
LASTS = timedelta(minutes=30)
PER_ADDRESS = 40


@never_cache
@login_not_required
@sensitive_post_parameters("code")
def sign_online(request: HttpRequest) -> HttpResponse:
    token = request.POST.get("cle", "") or request.GET.get("cle", "")
    try:
        invitation = services.look(token, used=True)
        if not (invitation.used_at is None or _is_proved(request, invitation)):
            services.look(token)  # says that it is signed
        act = ACTS.get(request.POST.get("act", ""))
        if request.method == "POST" and act is not None and invitation.used_at is None:
            return act(request, token, invitation)
    except DomainError as refusal:
        return render(request, "onboarding/online_stale.html", {"why": refusal.message}, status=410)
    return _show(request, token, invitation)


def _show(request: HttpRequest, token: str, invitation: SigningInvitation, **forms: Any) -> HttpResponse:
    convention = invitation.convention
    proved = _is_proved(request, invitation)
    context = {
        "token": token,
        "invitation": invitation,
        "convention": convention,
        "title": documents.title_of(convention),
        "pdf_url": f"{reverse('onboarding:online_pdf')}?{urlencode({'cle': token})}",
        "is_proved": proved,
        "code_form": forms.get("code_form") or CodeForm(),
        "form": forms.get("form") or SignerForm.for_commune(convention),
    }
    if invitation.used_at is not None:
        template = "onboarding/online_done.html"
    else:
        template = "onboarding/online_sign.html" if proved else "onboarding/online_prove.html"
    return render(request, template, context, status=422 if forms else 200)


def _send_code(request: HttpRequest, token: str, invitation: SigningInvitation) -> HttpResponse:
    try:
        Throttle("signing-code", client_address(request), limit=PER_ADDRESS).begin()
        services.send_code(token=token)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Un code vient de partir. Il arrive en une minute ou deux."))
    return _again(token)


def _give_code(request: HttpRequest, token: str, invitation: SigningInvitation) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.check_code(token=token, code=form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", refusal.message)
        else:
            request.session.cycle_key()
            request.session[PROVED_KEY] = {str(invitation.pk): timezone.now().isoformat()}
            return _again(token)
    return _show(request, token, invitation, code_form=form)


def _sign(request: HttpRequest, token: str, invitation: SigningInvitation) -> HttpResponse:
    if not _is_proved(request, invitation):
        return _again(token)
    form = SignerForm.for_commune(invitation.convention, request.POST)
    if form.is_valid():
        try:
            services.sign_for_commune(token=token, **form.facts())
            return _again(token)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return _show(request, token, invitation, form=form)


ACTS = {"send": _send_code, "code": _give_code, "sign": _sign}


def _again(token: str) -> HttpResponse:
    return redirect(f"{reverse('onboarding:sign_online')}?{urlencode({'cle': token})}")


def _is_proved(request: HttpRequest, invitation: SigningInvitation) -> bool:
    text = request.session.get(PROVED_KEY, {}).get(str(invitation.pk))
    return text is not None and timezone.now() - datetime.fromisoformat(text) < LASTS


@never_cache
@login_not_required
def online_pdf(request: HttpRequest) -> HttpResponse:
    """What one is about to sign, then what one signed."""
    try:
        invitation = services.look(request.GET.get("cle", ""), used=True)
    except DomainError as refusal:
        return render(request, "onboarding/online_stale.html", {"why": refusal.message}, status=410)
    if not _is_proved(request, invitation):
        raise Http404
    file = invitation.convention.sealed or invitation.document
    response = HttpResponse(content_of(file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{documents.file_name(invitation.convention)}.pdf"'
    return response
