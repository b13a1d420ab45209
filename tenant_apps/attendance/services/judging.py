"""Whether an absence is excused, and what is forgotten when the year is over."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.audit.services import record
from tenant_apps.attendance.attachments import delete_files
from tenant_apps.attendance.models import Announcement, Mark, RollCall
from tenant_apps.schools.models import SchoolYear


@transaction.atomic
def judge(*, actor: Any, mark: Mark, reason: str, status: str) -> Mark:
    """The head writes a reason that came by paper or by phone, and says whether it holds."""
    if not actor.has_perm("attendance.judge_mark", mark):
        raise PermissionDenied
    mark = Mark.objects.select_for_update(of=("self",)).get(pk=mark.pk)
    mark.reason, mark.status = reason, status
    mark.save(update_fields=["reason", "status", "updated_at"])
    record(actor=actor, action="attendance.absence_judged", obj=mark, status=str(status))
    return mark


@transaction.atomic
def forget_years_past() -> int:
    """« Ce dossier est ouvert pour la seule durée de l’année scolaire » (R131-6). Registers were exported before."""
    year = SchoolYear.objects.current().first()
    if year is None:
        return 0
    old = Announcement.objects.filter(ends_on__lt=year.starts_on)
    delete_files(old.values_list("lot", flat=True))
    old.delete()
    count, _by_model = RollCall.objects.filter(day__lt=year.starts_on).delete()
    if count:
        record(actor=None, action="attendance.years_forgotten", rows=count)
    return count
