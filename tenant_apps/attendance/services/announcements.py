"""What families announce, and what becomes of it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import registry
from core.errors import DomainError
from core.ids import uuid7
from core.registry import AnnouncedAbsence
from shared_apps.audit.services import record
from shared_apps.files import services as files
from tenant_apps.attendance import notifications
from tenant_apps.attendance.attachments import KINDS, PURPOSE
from tenant_apps.attendance.half_days import HalfDay, open_half_days
from tenant_apps.attendance.models import Announcement, Mark
from tenant_apps.attendance.reasons import FLAGS, status_of
from tenant_apps.people.models import Enrollment, Pupil

BACK = timedelta(days=31)  # how long after an absence its reason may still be given
LONGEST = timedelta(days=92)


@transaction.atomic
def declare(
    *,
    actor: Any,
    pupils: Collection[Pupil],
    starts: HalfDay,
    ends: HalfDay,
    reason: str,
    message: str = "",
    upload: File | None = None,
) -> tuple[list[Announcement], list[str]]:
    """One declaration for one or several children. Returns what it changed in the town's services, in words."""
    _check(actor, pupils, starts, ends, reason, upload)
    lot = uuid7()
    span = {"starts_on": starts.day, "starts_half": starts.half, "ends_on": ends.day, "ends_half": ends.half}
    facts = span | {"lot": lot, "declared_by": actor, "reason": reason, "message": message}
    made = Announcement.objects.bulk_create(Announcement(pupil=pupil, **facts) for pupil in pupils)
    if upload:
        files.store(actor=actor, upload=upload, purpose=PURPOSE, object_id=lot, kinds=KINDS)
    for one in made:
        _explain(one)
    words = tell_services(made)
    notifications.announced(made)
    record(actor=actor, action="attendance.absence_declared", obj=made[0], children=len(made))
    return made, words


def _check(
    actor: Any, pupils: Collection[Pupil], starts: HalfDay, ends: HalfDay, reason: str, upload: File | None
) -> None:
    ids = {pupil.pk for pupil in pupils}
    if not ids:
        raise DomainError(_("Choisissez au moins un enfant."), code="nobody")
    if Pupil.objects.informing(actor).enrolled().filter(pk__in=ids).count() != len(ids):
        raise PermissionDenied
    if starts > ends:
        raise DomainError(_("La fin de l’absence vient après son début."), code="order")
    if starts.day < timezone.localdate() - BACK or ends.day - starts.day > LONGEST:
        raise DomainError(_("Pour une absence aussi longue ou ancienne, écrivez à l’école."), code="too_long")
    flags = FLAGS[reason]
    if not flags.by_families:
        raise PermissionDenied
    if upload and flags.is_health:
        raise DomainError(no_certificate(), code="certificate")
    standing = Announcement.objects.standing().filter(pupil__in=ids, starts_on=starts.day, ends_on=ends.day)
    if standing.filter(starts_half=starts.half, ends_half=ends.half).exists():
        raise DomainError(_("Cette absence est déjà annoncée."), code="twice")


def no_certificate() -> str:
    return _("L’école ne demande pas de certificat médical et n’en garde pas ici : votre mot suffit.")


def _explain(announcement: Announcement) -> None:
    """The half-days already called, that nobody had explained, have their reason now."""
    first, last = announcement.starts_on, announcement.ends_on
    marks = Mark.objects.filter(pupil=announcement.pupil_id, reason="").between(first, last).select_related("roll_call")
    covered = [mark.pk for mark in marks if announcement.covers(mark.roll_call.half_day)]
    if covered:
        facts = {"reason": announcement.reason, "status": status_of(announcement.reason)}
        Mark.objects.filter(pk__in=covered).update(**facts, updated_at=timezone.now())


def tell_services(made: Sequence[Announcement], *, is_withdrawn: bool = False) -> list[str]:
    """Canteen and childcare hear « absent »: neither the reason nor the file."""
    hearers = list(registry.announced_absences)
    if not hearers:
        return []
    rows = Enrollment.objects.on().filter(pupil__in=[one.pupil_id for one in made])
    schools = {row.pupil_id: row.school_class.school for row in rows.select_related("school_class__school")}
    said = []
    for one in made:
        days = open_half_days(schools[one.pupil_id], one.starts_on, one.ends_on)
        absence = AnnouncedAbsence(one.pupil_id, tuple(day for day in days if one.covers(day)), is_withdrawn)
        said += [words for hear in hearers if (words := hear(absence))]
    return list(dict.fromkeys(said))


@transaction.atomic
def withdraw(*, actor: Any, announcement: Announcement) -> list[str]:
    """The child comes after all."""
    _require(actor, "attendance.withdraw_announcement", announcement)
    one = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if one.withdrawn_at or one.ends < HalfDay.now():
        raise DomainError(_("Cette annonce ne peut plus être retirée."), code="over")
    one.withdrawn_at = timezone.now()
    one.save(update_fields=["withdrawn_at", "updated_at"])
    words = tell_services([one], is_withdrawn=True)
    notifications.withdrawn(one)
    record(actor=actor, action="attendance.announcement_withdrawn", obj=one)
    return words


@transaction.atomic
def handle(*, actor: Any, announcement: Announcement) -> None:
    """The teacher or the head has seen it. The first to see it is the one that counts."""
    _require(actor, "attendance.handle_announcement", announcement)
    now = timezone.now()
    rows = Announcement.objects.filter(pk=announcement.pk, handled_at=None)
    rows.update(handled_at=now, handled_by=actor, updated_at=now)


def _require(actor: Any, permission: str, obj: Any) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
