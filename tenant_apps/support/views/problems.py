"""« J’ai un problème »: four pictures, one press; the teacher is told."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from tenant_apps.people.models import Enrollment
from tenant_apps.support.forms import ProblemForm
from tenant_apps.support.models import Ticket
from tenant_apps.support.notifications import PROBLEMS
from tenant_apps.support.services import tickets as services

PICTURES = {"page": "open-book", "device": "laptop", "work": "pencil", "talk": "waving-hand"}


def problem(request: Any) -> HttpResponse:
    enrollment = Enrollment.objects.on().filter(pupil__person__account=request.user).first()
    if request.profile != "pupil" or enrollment is None:
        raise Http404
    form = ProblemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.open_problem(actor=request.user, **form.cleaned_data)
        return redirect("support:problem")
    told = Ticket.objects.open().filter(author=request.user, level=Ticket.Level.CLASS).order_by("-created_at", "-pk")
    choices = [{"value": key, "label": label, "emoji": PICTURES[key]} for key, label in PROBLEMS.items()]
    context = {"choices": choices, "told": list(told[:4]), "is_reader": enrollment.is_reader}
    return render(request, "support/problem.html", context, status=422 if form.errors else 200)
