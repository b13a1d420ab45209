"""What families announced, for the teachers and the head."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenant_apps.attendance import services
from tenant_apps.attendance.models import Announcement
from tenant_apps.attendance.sheets import with_place_and_file
from tenant_apps.schools.models import SchoolClass

ROWS_PER_PAGE = 30


def announcements(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("attendance.view_registers"):
        raise PermissionDenied
    shown = request.GET.get("voir", "")
    rows = Announcement.objects.of_pupils_in(SchoolClass.objects.families_open_to(request.user)).standing()
    if shown != "toutes":
        rows = rows.not_over(timezone.localdate())
    rows = rows.select_related("pupil__person", "declared_by", "handled_by")
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": with_place_and_file(page.object_list), "shown": shown}
    return render(request, "attendance/announcements.html", context)


@require_POST
def handle(request: HttpRequest, pk: Any) -> HttpResponse:
    one = get_object_or_404(Announcement.objects.visible_to(request.user), pk=pk)
    services.handle(actor=request.user, announcement=one)
    return redirect("attendance:announcements")
