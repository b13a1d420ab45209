"""The files of a homework: papers, one spoken instruction, what a pupil hands in; and who reads each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from shared_apps.files.kinds import JPEG, KINDS, PDF, PNG, SOUNDS, WEBP, Kind
from shared_apps.files.models import StoredFile
from tenant_apps.homework.models import Homework, Progress

PAPER, SPOKEN, HANDED = "homework.paper", "homework.spoken", "homework.handed"
KINDS_OF: dict[str, frozenset[Kind]] = {
    PAPER: frozenset({PDF, PNG, JPEG, WEBP}),
    SPOKEN: SOUNDS,
    HANDED: frozenset(KINDS.values()),
}


def accept(purpose: str) -> str:
    return ",".join(sorted(extension for kind in KINDS_OF[purpose] for extension in kind.extensions))


def _sees_homework(user: Any, file: StoredFile) -> bool:
    return Homework.objects.visible_to(user).filter(pk=file.object_id).exists()


def _sees_progress(user: Any, file: StoredFile) -> bool:
    return Progress.objects.visible_to(user).filter(pk=file.object_id).exists()


READERS: dict[str, Callable[[Any, StoredFile], bool]] = {
    PAPER: _sees_homework,
    SPOKEN: _sees_homework,
    HANDED: _sees_progress,
}


def files_of(objects: Iterable[Any]) -> dict[tuple[str, Any], StoredFile]:
    """(purpose, id) → the file: an object has one of each purpose at most. One query."""
    return {
        (file.purpose, file.object_id): file
        for file in StoredFile.objects.filter(purpose__in=KINDS_OF, object_id__in=list(objects))
    }


def files_by_object(objects: Iterable[Any]) -> dict[Any, dict[str, StoredFile]]:
    found: dict[Any, dict[str, StoredFile]] = defaultdict(dict)
    for (purpose, object_id), file in files_of(objects).items():
        found[object_id][purpose.split(".")[1]] = file
    return found
