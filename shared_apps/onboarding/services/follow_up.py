"""Tasks, notes and files of a case."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import is_public
from shared_apps.audit import services as audit
from shared_apps.files import services as files
from shared_apps.files.kinds import PDF, PICTURES
from shared_apps.files.models import StoredFile
from shared_apps.notifications.services import Notice, notify_all
from shared_apps.onboarding.models import Case, CaseNote, CaseTask
from shared_apps.onboarding.services.task_templates import TEMPLATES

FILE = "onboarding.case"
FILE_KINDS = frozenset({PDF, *PICTURES})
MAX_FILES = 50


def plan_tasks(*, actor: Any, case: Case, left: str, on: date) -> None:
    """In the caller's transaction: what the former state asked for is done, what the new one asks for begins."""
    codes = [template.code for template in TEMPLATES.get(left, ())]
    now = timezone.now()
    if codes:
        CaseTask.objects.filter(case=case, template__in=codes, done_on=None).update(
            done_on=on, done_by=actor, updated_at=now
        )
    wanted = [
        CaseTask(
            case=case,
            title=str(template.title),
            template=template.code,
            due_on=on + timedelta(days=template.days),
            assignee_id=case.owner_id,
        )
        for template in TEMPLATES.get(case.state, ())
    ]
    if wanted:
        CaseTask.objects.bulk_create(wanted, ignore_conflicts=True)


def add_task(*, actor: Any, case: Case, title: str, due_on: date, assignee: Any = None) -> CaseTask:
    with transaction.atomic():
        task = CaseTask.objects.create(case=case, title=title, due_on=due_on, assignee=assignee)
        audit.record(actor=actor, action="onboarding.task_added", obj=task, insee=case.insee)
    return task


def finish_task(*, actor: Any, task: CaseTask) -> CaseTask:
    """Saying it twice changes nothing."""
    with transaction.atomic():
        task = CaseTask.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        if not task.is_done:
            task.done_on, task.done_by = timezone.localdate(), actor
            task.save(update_fields=["done_on", "done_by", "updated_at"])
            audit.record(actor=actor, action="onboarding.task_done", obj=task, insee=task.case.insee)
    return task


def reopen_task(*, actor: Any, task: CaseTask) -> CaseTask:
    with transaction.atomic():
        task = CaseTask.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
        if task.is_done:
            task.done_on, task.done_by = None, None
            task.save(update_fields=["done_on", "done_by", "updated_at"])
            audit.record(actor=actor, action="onboarding.task_reopened", obj=task, insee=task.case.insee)
    return task


def remind() -> int:
    """Each morning: who has a task due or late is told, once. Returns how many tasks."""
    with transaction.atomic():
        rows = CaseTask.objects.to_remind().select_related("case__commune", "case__owner", "assignee").order_by("pk")
        late = list(rows.select_for_update(of=("self",), skip_locked=True))
        notify_all(notice for task in late if (notice := _reminder(task)) is not None)
        today, now = timezone.localdate(), timezone.now()
        CaseTask.objects.filter(pk__in=[task.pk for task in late]).update(reminded_on=today, updated_at=now)
    return len(late)


def _reminder(task: CaseTask) -> Notice | None:
    user = task.assignee or task.case.owner
    if user is None:
        return None
    words = {"commune": task.case.commune.name, "title": task.title}
    return Notice(
        user=user,
        kind="onboarding.task",
        title=_("%(commune)s · à faire : %(title)s") % words,
        path=reverse("onboarding:journal", args=[task.case.insee], urlconf="config.urls.public"),
        key=f"case-task:{task.pk}:{task.due_on}",
    )


def write_note(*, actor: Any, case: Case, text: str, is_pinned: bool = False) -> CaseNote:
    with transaction.atomic():
        note = CaseNote.objects.create(case=case, text=text, author=actor, is_pinned=is_pinned)
        audit.record(actor=actor, action="onboarding.note_written", obj=note, insee=case.insee)
    return note


def pin_note(*, actor: Any, note: CaseNote) -> CaseNote:
    """Pinned, or not any more."""
    with transaction.atomic():
        note = CaseNote.objects.select_for_update(of=("self",)).select_related("case").get(pk=note.pk)
        note.is_pinned = not note.is_pinned
        note.save(update_fields=["is_pinned", "updated_at"])
        audit.record(actor=actor, action="onboarding.note_pinned", obj=note, pinned=note.is_pinned)
    return note


# --- files


def files_of(case: Case) -> Any:
    return StoredFile.objects.filter(purpose=FILE, object_id=case.pk).order_by("-created_at", "-pk")


def add_file(*, actor: Any, case: Case, upload: Any) -> StoredFile:
    """A scan of the deliberation, a letter: PDF or picture. Raises `DomainError`."""
    if files_of(case).count() >= MAX_FILES:
        raise DomainError(_("Ce dossier a déjà %(count)d fichiers.") % {"count": MAX_FILES}, code="too_many")
    return files.store(actor=actor, upload=upload, purpose=FILE, object_id=case.pk, kinds=FILE_KINDS)


def may_read_file(user: Any, file: StoredFile) -> bool:
    """Who sees the case and works on the onboarding; inspectors see the state of a case, not its papers."""
    return (
        is_public()
        and user.has_perm("onboarding.manage_case")
        and Case.objects.visible_to(user).filter(pk=file.object_id).exists()
    )
