"""The historical file of adhesions: given, tried, then loaded. The command `adhesions load` does the same at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.acts import require
from core.errors import DomainError
from shared_apps.files.models import StoredFile
from shared_apps.onboarding.services import adhesions
from shared_apps.onboarding.services.adhesions import Report, WrongFileError
from shared_apps.reference.models import RefCommune

SHOWN = 100


class AdhesionsForm(forms.Form):
    upload = forms.FileField(
        label=gettext_lazy("Fichier des adhésions"),
        help_text=gettext_lazy(
            "Un CSV de deux colonnes, « uai;date » : une école par ligne, le jour où elle a rejoint."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def give_file(request: HttpRequest) -> HttpResponse:
    _require(request)
    form = AdhesionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = adhesions.keep_file(actor=request.user, upload=form.cleaned_data["upload"])
        except DomainError as refusal:
            form.add_error("upload", refusal.message)
        else:
            return redirect("onboarding:review_adhesions", kept.pk)
    return render(request, "onboarding/adhesions.html", {"form": form}, status=422 if form.errors else 200)


def review(request: HttpRequest, pk: Any) -> HttpResponse:
    """What the file would change, tried and undone; then, when asked, done."""
    _require(request)
    file = get_object_or_404(StoredFile, pk=pk, purpose=adhesions.FILE)
    is_asked = request.method == "POST"
    try:
        report = adhesions.load_adhesions(actor=request.user, data=adhesions.content_of(file), is_trial=not is_asked)
    except WrongFileError as refusal:
        context = {"file": file, "errors": refusal.errors[:SHOWN], "more": len(refusal.errors) - SHOWN}
        return render(request, "onboarding/review_adhesions.html", context, status=422 if is_asked else 200)
    if is_asked:
        messages.success(request, _("L’historique est celui de ce fichier."))
        return redirect("onboarding:review_adhesions", pk)
    lines = _lines(report)
    context = {"file": file, "report": report, "lines": lines[:SHOWN], "more": len(lines) - SHOWN}
    return render(request, "onboarding/review_adhesions.html", context)


def _lines(report: Report) -> list[dict[str, Any]]:
    """What takes away comes first."""
    said = [(insee, _("retirée : elle n’est plus dans le fichier")) for insee in report.removed]
    said += report.kept
    said += [(insee, _("ses écoles ou leurs dates changent")) for insee in report.changed]
    said += [(insee, _("ajoutée")) for insee in report.added]
    communes = RefCommune.objects.in_bulk([insee for insee, _words in said[:SHOWN]], field_name="insee")
    return [{"commune": communes.get(insee), "words": words} for insee, words in said]


def _require(request: Any) -> None:
    require(request, "onboarding.load_adhesions")
    request.nav_current = "onboarding:communes"
