"""What a guardian does: says that a child won't come, sees what was noted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from tenant_apps.attendance import services
from tenant_apps.attendance.forms import AbsenceForm
from tenant_apps.attendance.models import Announcement, Mark
from tenant_apps.people.models import Pupil

ROWS_PER_PAGE = 30


def absences(request: HttpRequest) -> HttpResponse:
    _require_children(request)
    children = Pupil.objects.informing(request.user)
    coming = Announcement.objects.standing().not_over(timezone.localdate()).filter(pupil__in=children)
    noted = Mark.objects.validated().filter(pupil__in=children).select_related("pupil__person", "roll_call")
    page = Paginator(noted, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"coming": coming.select_related("pupil__person").order_by("starts_on", "pk"), "page": page}
    return render(request, "attendance/absences.html", context)


def declare(request: HttpRequest) -> HttpResponse:
    _require_children(request)
    form = AbsenceForm(request.POST or None, request.FILES or None, user=request.user, asked=request.GET)
    if request.method == "POST" and form.is_valid():
        try:
            _made, words = services.declare(actor=request.user, **form.facts)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, " ".join([_("C’est noté. L’école est prévenue."), *words]))
            return redirect("attendance:absences")
    return render(request, "attendance/declare.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, pk: Any) -> HttpResponse:
    one = get_object_or_404(Announcement.objects.visible_to(request.user), pk=pk)
    try:
        words = services.withdraw(actor=request.user, announcement=one)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, " ".join([_("L’annonce est retirée. L’école est prévenue."), *words]))
    return redirect("attendance:absences")


def _require_children(request: HttpRequest) -> None:
    if not request.user.has_perm("attendance.declare_absence"):
        raise PermissionDenied
