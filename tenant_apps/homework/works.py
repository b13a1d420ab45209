"""What the diary gives back and forgets: the files a pupil handed in."""

from collections.abc import Iterable
from typing import Any

from core.registry import Erased, Work
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from tenant_apps.homework.attachments import HANDED, files_of
from tenant_apps.homework.models import Progress


def works(person_id: Any) -> Iterable[Work]:
    """What this child did, with its files and what its teacher said of it."""
    rows = list(Progress.objects.filter(pupil__person=person_id).select_related("homework"))
    handed = files_of(row.pk for row in rows)
    for row in rows:
        file = handed.get((HANDED, row.pk))
        lines = [row.homework.instruction, row.word]
        yield Work(str(row.homework), row.day, "\n\n".join(filter(None, lines)), _content(file))


def _content(file: StoredFile | None) -> tuple[tuple[str, bytes], ...]:
    if file is None:
        return ()
    try:
        with storage().open(path_of(file.pk)) as content:
            return ((file.name, content.read()),)
    except FileNotFoundError:
        return ()


def erase(who: Erased) -> None:
    """The rows go with the child; their files hang on no foreign key."""
    rows = Progress.objects.filter(pupil__in=who.pupils).values("pk")
    for file in list(StoredFile.objects.filter(purpose=HANDED, object_id__in=rows)):
        files.delete(actor=None, file=file)
