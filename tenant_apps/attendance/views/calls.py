"""The call of a class, and where each class is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.frozen import together
from tenant_apps.attendance import sheets, tiles
from tenant_apps.attendance.errors import Conflict
from tenant_apps.attendance.forms import BadCall, Sending
from tenant_apps.attendance.half_days import HalfDay, is_taught
from tenant_apps.attendance.models import RollCall
from tenant_apps.attendance.querysets import callable_class
from tenant_apps.attendance.reasons import Reason
from tenant_apps.attendance.services import save_roll
from tenant_apps.attendance.sheets import Sheet, ask_lines
from tenant_apps.attendance.views.days import asked_half_day, day_links, half_links
from tenant_apps.attendance.views.worker import queue_key
from tenant_apps.schools.days import days_off
from tenant_apps.schools.models import SchoolClass


def board(request: HttpRequest) -> HttpResponse:
    """Which classes have not called yet. A teacher with one class goes straight to it."""
    half_day = asked_half_day(request)
    classes = sheets.board(SchoolClass.objects.families_open_to(request.user), half_day)
    if not classes and not request.user.has_perm("attendance.view_registers"):
        raise PermissionDenied
    if len(classes) == 1 and request.profile == "teacher":
        return redirect("attendance:call", classes[0].pk, *half_day.words)
    off = days_off(half_day.day, half_day.day)
    taught = [one for one in classes if not off and is_taught(one.school, *half_day)]
    context = {
        "half_day": half_day,
        "rows": [{"class": one, "call": tiles.call_url(one.pk, half_day)} for one in taught],
        "done": sum(one.state == RollCall.State.VALIDATED for one in taught),
        "halves": half_links(half_day),
        "days": day_links(half_day),
    }
    return render(request, "attendance/board.html", context)


def call(request: HttpRequest, pk: Any, day: str, half: str) -> HttpResponse:
    half_day = HalfDay.read(day, half)
    if half_day is None:
        raise Http404
    request.nav_current = "people:my_classes" if request.profile == "teacher" else "people:school"
    if request.method == "POST":
        return _save(request, pk, half_day)
    return _page(request, _sheet(request, pk, half_day))


def _save(request: HttpRequest, pk: Any, half_day: HalfDay) -> HttpResponse:
    """What was typed is read first: an unreadable form writes nothing."""
    by_script = request.headers.get("accept") == "application/json"
    try:
        sending = Sending.read(request.POST, timezone.localtime().time())
        roll = save_roll(actor=request.user, class_id=pk, half_day=half_day, **sending.facts)
    except SchoolClass.DoesNotExist as error:
        raise Http404 from error
    except Conflict as error:
        return _refused(error, 409) if by_script else _conflict(request, pk, half_day, sending)
    except (BadCall, DomainError) as error:
        return _refused(error, 422) if by_script else _page(request, _sheet(request, pk, half_day), error=error)
    if by_script:
        return JsonResponse({"version": roll.version, "state": roll.state})
    return redirect(request.path)


def _refused(error: DomainError, status: int) -> JsonResponse:
    return JsonResponse({"code": error.code, "words": str(error)}, status=status)


def _sheet(request: HttpRequest, pk: Any, half_day: HalfDay) -> Sheet:
    """Asked with the right to see it, and thrown away without."""
    found, told = together(callable_class.asked(request.user, half_day.day, pk), ask_lines(pk, half_day))
    if not found:
        raise Http404
    return Sheet(found[0], half_day, *told)


def _page(request: HttpRequest, sheet: Sheet, error: DomainError | None = None) -> HttpResponse:
    context = {
        "sheet": sheet,
        "tiles": tiles.tiles_of(sheet),
        "reasons": tuple((value, str(label)) for value, label in Reason.choices),
        "queue_key": queue_key(request.user),
        "dock": tiles.dock_of(sheet),
        "corrections": tiles.corrections_of(sheet),
        "halves": half_links(sheet.half_day, lambda one: tiles.call_url(sheet.school_class.pk, one)),
        "error": error,
    }
    return render(request, "attendance/call.html", context, status=422 if error else 200)


def _conflict(request: HttpRequest, pk: Any, half_day: HalfDay, sending: Sending) -> HttpResponse:
    """Both versions, line by line: a person chooses, nothing is overwritten."""
    sheet = _sheet(request, pk, half_day)
    context = {
        "sheet": sheet,
        "sending": sending,
        "rows": tiles.differences(sheet, sending),
        "kept": tiles.agreed(sheet, sending),
        "other": sheet.roll.changed_by or _("Quelqu’un"),
    }
    return render(request, "attendance/conflict.html", context, status=409)
