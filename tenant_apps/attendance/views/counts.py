"""How many children come: for the canteen, childcare and the head. « Absent », and nothing more."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenant_apps.attendance.counts import names_of_absentees, totals
from tenant_apps.attendance.views.days import asked_half_day, half_links
from tenant_apps.schools.models import School


def head_count(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("attendance.view_head_count"):
        raise PermissionDenied
    half_day = asked_half_day(request)
    schools = list(School.objects.worked_in_by(request.user).order_by("name", "pk"))
    absent = names_of_absentees(request.user, schools, half_day)
    context = {"half_day": half_day, "schools": totals(schools, half_day, absent), "halves": half_links(half_day)}
    return render(request, "attendance/head_count.html", context)
