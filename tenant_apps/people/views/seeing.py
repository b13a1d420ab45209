"""In and out of « voir comme ce parent »."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tenant_apps.people import view_as as seeing
from tenant_apps.people.models import Guardianship, Person, Pupil


@require_POST
def view_as(request: Any, pk: Any) -> HttpResponse:
    opened = Guardianship.objects.current().filter(pupil__in=Pupil.objects.families_open_to(request.user))
    people = Person.objects.filter(pk__in=opened.values("guardian"))
    seeing.begin(request, get_object_or_404(people.select_related("account"), pk=pk))
    return redirect("home")


@require_POST
def leave_view_as(request: Any) -> HttpResponse:
    return seeing.leave(request)
