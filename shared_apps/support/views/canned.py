"""Answers kept ready, with their versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shared_apps.support import services
from shared_apps.support.forms import CannedForm
from shared_apps.support.models import CannedAnswer
from shared_apps.support.views.shared import require


def answers(request: HttpRequest) -> HttpResponse:
    require(request, "helpdesk.write_canned")
    rows = CannedAnswer.objects.in_use().prefetch_related("texts").order_by("category", "title")
    return render(request, "helpdesk/canned.html", {"rows": rows})


def write(request: HttpRequest, pk: Any = None) -> HttpResponse:
    require(request, "helpdesk.write_canned")
    canned = get_object_or_404(CannedAnswer.objects.in_use(), pk=pk) if pk else None
    texts = list(canned.texts.select_related("written_by")) if canned else []
    initial = {"title": canned.title, "category": canned.category, "body": texts[0].body} if canned else {}
    form = CannedForm(request.POST or None, initial=initial, canned=canned)
    if request.method == "POST" and form.is_valid():
        services.write_canned(actor=request.user, canned=canned, **form.cleaned_data)
        messages.success(request, _("La réponse est prête."))
        return redirect("helpdesk:canned")
    context = {"form": form, "canned": canned, "texts": texts}
    return render(request, "helpdesk/write_canned.html", context, status=422 if form.errors else 200)


@require_POST
def archive(request: HttpRequest, pk: Any) -> HttpResponse:
    require(request, "helpdesk.write_canned")
    services.archive_canned(actor=request.user, canned=get_object_or_404(CannedAnswer.objects.in_use(), pk=pk))
    messages.success(request, _("Elle n’est plus proposée. Ce qui a été envoyé reste."))
    return redirect("helpdesk:canned")
