"""What happens to homework. Each verb checks, writes, leaves an audit entry, plans what families are told."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.homework import notifications
from tenant_apps.homework.attachments import HANDED, KINDS_OF
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.homework.querysets import concerned, enrolled_at
from tenant_apps.homework.weeks import Week
from tenant_apps.people.models import Pupil
from tenant_apps.schools.days import class_days


@transaction.atomic
def save_homework(
    *,
    actor: Any,
    homework: Homework,
    pupils: Iterable[Pupil] = (),
    uploads: Mapping[str, File] | None = None,
    dropped: Iterable[str] = (),
) -> Homework:
    """Give homework to a class or a group, or to `pupils` of it only; or change it, which takes the head's visa off.

    `uploads`: purpose → file, in place of the one there; `dropped`: purposes whose file goes.
    """
    is_new, pupils, uploads = homework._state.adding, list(pupils), uploads or {}
    if is_new:
        _check(actor, "homework.write_homework", homework.place)
        homework.author = actor
    else:
        _check(actor, "homework.change_homework", _locked(homework))
    _check_days(homework)
    _check_pupils(homework, pupils)
    homework.is_for_all, homework.visa_at, homework.visa_by = not pupils, None, None
    homework.until = homework.until if homework.comes_back else None
    homework.save()
    homework.pupils.set(pupils)
    for purpose in {*uploads, *dropped}:
        _drop_file(actor, purpose, homework.pk)
    for purpose, upload in uploads.items():
        files.store(actor=actor, upload=upload, purpose=purpose, object_id=homework.pk, kinds=KINDS_OF[purpose])
    record(actor=actor, action="homework.given" if is_new else "homework.changed", obj=homework)
    notifications.plan(homework)
    return homework


@transaction.atomic
def remove_homework(*, actor: Any, homework: Homework) -> Homework:
    """Families see it no more; it can be put back, with what was done of it."""
    homework = _locked(homework)
    _check(actor, "homework.change_homework", homework)
    homework.removed_at = timezone.now()
    homework.save(update_fields=["removed_at", "updated_at"])
    record(actor=actor, action="homework.removed", obj=homework)
    return homework


@transaction.atomic
def restore_homework(*, actor: Any, homework: Homework) -> Homework:
    homework = _locked(homework)
    _check(actor, "homework.change_homework", homework)
    homework.removed_at = None
    homework.save(update_fields=["removed_at", "updated_at"])
    record(actor=actor, action="homework.restored", obj=homework)
    return homework


@transaction.atomic
def visa_week(*, actor: Any, place: Any, week: Week) -> int:
    """The head has seen what the class, or the group, has to do that week. Returns how many of them had no visa yet."""
    _check(actor, "homework.visa_week", place)
    open_ = class_days(place.school, week.monday, week.sunday)
    rows = Homework.objects.standing().given_at([place.pk]).filter(visa_at=None)
    rows = rows.due_between(week.monday, week.sunday).order_by("pk").select_for_update(of=("self",))
    seen = [one.pk for one in rows if week.due_days(one, open_)]
    now = timezone.now()
    Homework.objects.filter(pk__in=seen).update(visa_at=now, visa_by=actor, updated_at=now)
    record(actor=actor, action="homework.week_seen", obj=place, week=str(week.monday), homework=len(seen))
    return len(seen)


@transaction.atomic
def tick(*, actor: Any, homework: Homework, day: date, is_done: bool) -> None:
    """A pupil says « fait », or takes it back."""
    pupil = _own(actor, homework)
    if is_done:
        _progress(homework, pupil, day, done_at=timezone.now())
        return
    row = Progress.objects.select_for_update().filter(homework=homework, pupil=pupil, day=day).first()
    if row is not None:
        row.done_at = None
        _keep(row)


@transaction.atomic
def hand_in(*, actor: Any, homework: Homework, day: date, upload: File) -> Progress:
    """A pupil hands a file in; another one takes its place."""
    pupil, now = _own(actor, homework), timezone.now()
    row = _progress(homework, pupil, day, handed_at=now, done_at=now)
    _drop_file(actor, HANDED, row.pk)
    files.store(actor=actor, upload=upload, purpose=HANDED, object_id=row.pk, kinds=KINDS_OF[HANDED])
    record(actor=actor, action="homework.handed_in", obj=homework)
    return row


@transaction.atomic
def say_word(*, actor: Any, homework: Homework, pupil: Pupil, day: date, word: str) -> None:
    """What the teacher tells a child about its work; nothing takes it back."""
    _check(actor, "homework.change_homework", homework)
    if not concerned(homework).filter(pupil=pupil).exists():
        raise PermissionDenied
    if word:
        _progress(homework, pupil, day, word=word)
        return
    row = Progress.objects.select_for_update().filter(homework=homework, pupil=pupil, day=day).first()
    if row is not None:
        row.word = ""
        _keep(row)


def _progress(homework: Homework, pupil: Pupil, day: date, **facts: Any) -> Progress:
    return Progress.objects.update_or_create(homework=homework, pupil=pupil, day=day, defaults=facts)[0]


def _keep(row: Progress) -> None:
    """A row that says nothing any more goes."""
    if row.is_empty:
        row.delete()
    else:
        row.save()


def _own(actor: Any, homework: Homework) -> Pupil:
    _check(actor, "homework.do_homework", homework)
    return Pupil.objects.get(person__account=actor)


def _check_days(homework: Homework) -> None:
    if not class_days(homework.school, homework.due_on, homework.due_on):
        raise DomainError(_("Il n’y a pas classe ce jour-là : choisissez un autre jour."), code="no_class")


def _check_pupils(homework: Homework, pupils: list[Pupil]) -> None:
    if enrolled_at(homework).filter(pupil__in=pupils).count() != len(pupils):
        raise PermissionDenied


def _drop_file(actor: Any, purpose: str, object_id: Any) -> None:
    for file in StoredFile.objects.of_object(purpose, object_id):
        files.delete(actor=actor, file=file)


def _locked(homework: Homework) -> Homework:
    return Homework.objects.select_for_update(of=("self",)).get(pk=homework.pk)


def _check(actor: Any, permission: str, obj: Any) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
