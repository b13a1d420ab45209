"""What the notebook gives back and forgets: a pupil's notes to take away, last year's, drafts of who is erased."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.registry import Erased, Work
from core.words import day_and_month
from shared_apps.files import services as files
from shared_apps.files.storage import path_of, storage
from shared_apps.signatures.models import Slot
from tenant_apps.liaison.models import LiaisonNote, Reply, ReplyReport, ThreadReading
from tenant_apps.liaison.querysets import PURPOSE
from tenant_apps.moderation import services as moderation
from tenant_apps.people.models import Pupil


def works(person_id: Any) -> Iterable[Work]:
    """The notes sent for this child: what the school wrote to its class, no name of another family."""
    sent = Slot.objects.filter(request__purpose=PURPOSE, subject_id__in=_pupil(person_id))
    for note in LiaisonNote.objects.filter(pk__in=sent.values("request__object_id")).order_by("published_at", "pk"):
        lines = [note.body, note.happens, note.to_bring]
        yield Work(
            title=note.title,
            day=timezone.localdate(note.published_at),
            text="\n\n".join(line for line in lines if line),
            files=_attachment(note),
        )


def _pupil(person_id: Any) -> Any:
    return Pupil.objects.filter(person=person_id).values("pk")


def _attachment(note: LiaisonNote) -> tuple[tuple[str, bytes], ...]:
    file = note.attachment
    if file is None:
        return ()
    try:
        with storage().open(path_of(file.pk)) as content:
            return ((file.name, content.read()),)
    except FileNotFoundError:
        return ()


def last_year(user: Any, enrollment: Any) -> list[dict[str, Any]]:
    """The notes that this adult was sent for this child in that class."""
    notes = LiaisonNote.objects.visible_to(user).filter(classes=enrollment.school_class).exclude(status="draft")
    sent = Slot.objects.filter(request__purpose=PURPOSE, subject_id=enrollment.pupil_id)
    return [
        {
            "label": note.title,
            "url": note.get_absolute_url(),
            "icon": "note-pencil",
            "detail": day_and_month(timezone.localtime(note.published_at)),
        }
        for note in notes.filter(pk__in=sent.values("request__object_id")).order_by("-published_at", "pk")
    ]


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """What this person said about notes; the notes themselves go out with the child's works."""
    said = Reply.objects.filter(author__person=person_id)
    reported = ReplyReport.objects.filter(reporter__person=person_id)
    return {
        "echanges_sur_les_mots": list(said.values("note__title", "body", "created_at", "sent_at", "withdrawn_at")),
        "signalements_sur_les_mots": list(reported.values("reason", "created_at")),
    }


def erase(who: Erased) -> None:
    """A draft is its author's alone. What was sent stays, under « Ancien… ».

    What a family wrote goes with who wrote it, and the whole exchange with the child.
    """
    said = Reply.objects.filter(Q(pupil__in=who.pupils) | Q(author__in=who.accounts, is_from_school=False))
    moderation.forget(ReplyReport.objects.filter(Q(reporter__in=who.accounts) | Q(reply__in=said.values("pk"))))
    said.delete()
    ThreadReading.objects.filter(account__in=who.accounts).delete()
    for note in LiaisonNote.objects.drafts().filter(author__in=who.accounts):
        if file := note.attachment:
            files.delete(actor=None, file=file)
        note.classes.clear()
        LiaisonNote.objects.filter(pk=note.pk).delete()
