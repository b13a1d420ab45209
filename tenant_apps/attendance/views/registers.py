"""The monthly register of a class, how its absences are judged, and those that the head must signal."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.opendocument import ODS
from tenant_apps.attendance import registers, services
from tenant_apps.attendance.forms import JudgeForm
from tenant_apps.attendance.models import Mark
from tenant_apps.attendance.reasons import Reason, Status
from tenant_apps.schools.models import School, SchoolClass

PDF = "application/pdf"


def register(request: HttpRequest, pk: Any, month: str) -> HttpResponse:
    shown = _register(request, pk, month)
    context = {
        "register": shown,
        "months": _neighbours(shown.first),
        "judges": request.profile == "head",
        "reasons": Reason.choices,
        "statuses": Status.choices,
    }
    return render(request, "attendance/register.html", context)


def register_pdf(request: HttpRequest, pk: Any, month: str) -> HttpResponse:
    return _file(f"registre-{month}.pdf", registers.register_pdf(_register(request, pk, month)), PDF)


def register_ods(request: HttpRequest, pk: Any, month: str) -> HttpResponse:
    return _file(f"registre-{month}.ods", registers.register_ods(_register(request, pk, month)), ODS)


@require_POST
def judge(request: HttpRequest, pk: Any) -> HttpResponse:
    mark = get_object_or_404(Mark.objects.visible_to(request.user).select_related("roll_call"), pk=pk)
    if not request.user.has_perm("attendance.judge_mark", mark):
        raise PermissionDenied
    form = JudgeForm(request.POST)
    if form.is_valid():
        services.judge(actor=request.user, mark=mark, **form.cleaned_data)
    return redirect("attendance:register", mark.roll_call.school_class_id, f"{mark.roll_call.day:%Y-%m}")


def signalled(request: HttpRequest) -> HttpResponse:
    """« Le directeur réunit l’équipe éducative »: who is at four half-days in the month."""
    first = _month(request.GET.get("mois") or f"{timezone.localdate():%Y-%m}")
    context = {"first": first, "rows": _signalled(request, first), "months": _neighbours(first)}
    return render(request, "attendance/signalled.html", context)


def signalling(request: HttpRequest, pk: Any, month: str) -> HttpResponse:
    """The file of one pupil: for the others there is none."""
    first = _month(month)
    if not request.user.has_perm("attendance.follow_absences"):
        raise Http404
    found = [one for one in _signalled(request, first) if one.pupil.pk == pk]
    if not found:
        raise Http404
    return _file(f"signalement-{month}.pdf", registers.signalling_pdf(found[0], first), PDF)


def _signalled(request: HttpRequest, first: date) -> list[registers.Signalled]:
    if not request.user.has_perm("attendance.follow_absences"):
        raise PermissionDenied
    schools = School.objects.headed_by(request.user)
    return registers.signalled(SchoolClass.objects.current(first).filter(school__in=schools), first)


def _register(request: HttpRequest, pk: Any, month: str) -> registers.Register:
    classes = SchoolClass.objects.families_open_to(request.user).select_related("school")
    return registers.register_of(get_object_or_404(classes, pk=pk), _month(month))


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error


def _neighbours(first: date) -> dict[str, str]:
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    is_to_come = after.replace(day=1) > timezone.localdate()
    months = {"current": f"{first:%Y-%m}", "before": f"{before:%Y-%m}"}
    return months | {"after": "" if is_to_come else f"{after:%Y-%m}"}


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
