from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.text import sort_key
from shared_apps.training.certificates import find_genuine
from shared_apps.training.forms import AttendanceForm, OnSiteForm, VerifyForm, WalkInForm
from shared_apps.training.models import Registration, Session, names_are_shown
from shared_apps.training.services import attendance as services
from shared_apps.training.views.shared import attempt, visible_session

TAKE = "training.take_attendance"
PAPER_LINES = 6  # empty ones, for those who come without having registered


def attendance(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk, TAKE)
    rows = list(row.registrations.seated().select_related("school__commune"))
    form = AttendanceForm(request.POST or None, rows=rows)
    if request.method == "POST" and "enregistrer" in request.POST and form.is_valid():
        present = form.chosen(rows)
        if attempt(request, lambda: services.record_attendance(actor=request.user, session=row, present=present)):
            text = ngettext(
                "L’émargement est enregistré : %(n)s présent reçoit son attestation.",
                "L’émargement est enregistré : %(n)s présents reçoivent leur attestation.",
                len(present),
            )
            messages.success(request, text % {"n": len(present)})
            return redirect("training:session", pk)
    context = {
        "session": row,
        "lines": _lines(request, row, rows),
        "on_site": OnSiteForm(),
        "walk_ins": row.registrations.walked_in().select_related("school"),
        "names_are_shown": names_are_shown(row),
        "may_record": row.has_come and row.state != Session.State.CANCELLED,
    }
    return render(request, "training/attendance.html", context, status=422 if request.method == "POST" else 200)


def _lines(request: HttpRequest, session: Session, rows: list[Registration]) -> list[dict[str, Any]]:
    """By name; those whose commune does not answer come last."""
    names = services.read_names(actor=request.user, session=session)
    lines = [{"row": row, "who": names.get(row.pk)} for row in rows]
    return sorted(lines, key=lambda line: (line["who"] is None, sort_key(getattr(line["who"], "name", ""))))


def sheet(request: HttpRequest, pk: Any) -> HttpResponse:
    """The same on paper, with a column to sign in and empty lines."""
    row = visible_session(request, pk, TAKE)
    rows = list(row.registrations.seated().select_related("school__commune"))
    context = {"session": row, "lines": _lines(request, row, rows), "blank": range(PAPER_LINES)}
    return render(request, "training/sheet.html", context)


@require_POST
def on_site(request: HttpRequest, pk: Any) -> HttpResponse:
    row = visible_session(request, pk, TAKE)
    form = OnSiteForm(request.POST)
    if form.is_valid():
        school = form.cleaned_data["uai"]
        if attempt(request, lambda: services.add_on_site(actor=request.user, session=row, school=school)):
            messages.success(request, _("Une personne de plus : %(school)s.") % {"school": school})
    else:
        messages.error(request, " ".join(form.errors["uai"]))
    return redirect("training:attendance", pk)


@require_POST
def walk_in(request: HttpRequest, pk: Any, registration: Any) -> HttpResponse:
    """The certificate of somebody whom no commune knows: the name is typed, printed, and kept nowhere."""
    session = visible_session(request, pk, TAKE)
    rows = session.registrations.walked_in().select_related("session__training", "school")
    row, form = get_object_or_404(rows, pk=registration), WalkInForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["name"]))
        return redirect("training:attendance", pk)
    body = services.print_walk_in(actor=request.user, registration=row, name=form.cleaned_data["name"])
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="attestation-{row.certificate}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Is this paper ours? Says nothing that is not on it."""
    form = VerifyForm(request.POST or None)
    found, asked = None, request.method == "POST" and form.is_valid()
    if asked:
        found = find_genuine(**form.cleaned_data)
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "training/verify.html", context, status=422 if form.errors else 200)
