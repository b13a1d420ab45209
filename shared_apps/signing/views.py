"""« Ce document est-il le bon ? »: for whoever holds a PDF. Nobody signs in, nothing of the file is kept."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError
from core.security import client_address
from shared_apps.accounts.throttle import Throttle
from shared_apps.signing.forms import VerifyForm
from shared_apps.signing.verification import Answer, Verdict
from shared_apps.signing.verification import verify as verify_pdf

PER_ADDRESS = 40  # files in half an hour


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    answer = _answer(request, form) if form.is_bound and form.is_valid() else None
    context = {"form": form, "answer": answer, "Verdict": Verdict, "name": _name(form) if answer else ""}
    return render(request, "signing/verify.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, form: VerifyForm) -> Answer | None:
    try:
        Throttle("verify-document", client_address(request), limit=PER_ADDRESS).begin()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
    return verify_pdf(form.cleaned_data["file"].read())


def _name(form: VerifyForm) -> str:
    return form.cleaned_data["file"].name
