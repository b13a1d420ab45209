"""Noting what a child succeeds in, correcting it, taking it back, showing it to the family."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.ids import uuid7
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.people.models import Enrollment
from tenant_apps.progress_notebook import notices
from tenant_apps.progress_notebook.attachments import KINDS_OF, PHOTO, SOUND, reduced
from tenant_apps.progress_notebook.domains import GRADES
from tenant_apps.progress_notebook.models import Observation
from tenant_apps.progress_notebook.services import check

FLAGS = {PHOTO: "has_photo", SOUND: "has_sound"}


@dataclass(frozen=True, slots=True)
class Noted:
    """What was seen, the same for each child of a gesture."""

    domain: str
    seen_on: date
    milestone: str = ""
    words: str = ""


@transaction.atomic
def observe(
    *,
    actor: Any,
    school_class: Any,
    pupils: Collection[Any],
    noted: Noted,
    uploads: Mapping[str, File] | None = None,
    is_shared: bool = False,
    gesture: UUID | None = None,
) -> list[Observation]:
    """One row a child, each standing alone. `uploads`: purpose → file, for one child only: a family never gets what
    was recorded of another's child. `gesture` names this sending: the same twice is noted once.

    Raises DomainError: nobody, one_child, future, says_nothing, unreadable; and what `files.store` raises.
    """
    check(actor, "progress_notebook.write_observations", school_class)
    uploads = _to_keep(uploads or {})
    _check_pupils(school_class, pupils)
    if uploads and len(pupils) > 1:
        text = _("Une photo ou un son est d’un seul enfant : choisissez-le, ou notez sans photo ni son.")
        raise DomainError(text, code="one_child")
    lot = gesture or uuid7()
    one_at_a_time(f"progress_notebook:{lot}")
    if earlier := list(Observation.objects.standing().filter(lot=lot, author=actor)):
        if {one.pupil_id for one in earlier} == {one.pk for one in pupils} and _is(earlier[0], noted, uploads):
            return earlier
        lot = uuid7()  # the page was come back to, and says something else
    made = [Observation(pupil=one, school_class=school_class, author=actor, lot=lot) for one in pupils]
    for observation in made:
        _write(actor, observation, noted, uploads)
    record(actor=actor, action="progress_notebook.noted", obj=school_class, children=len(made), lot=str(lot))
    if is_shared:
        _share(actor, made)
    return made


@transaction.atomic
def change(
    *,
    actor: Any,
    observation: Observation,
    noted: Noted,
    uploads: Mapping[str, File] | None = None,
    dropped: Iterable[str] = (),
) -> Observation:
    """`uploads`: purpose → file, in place of the one there; `dropped`: purposes whose file goes for good.

    Raises DomainError: future, says_nothing, unreadable; and what `files.store` raises.
    """
    observation = _locked(actor, observation)
    _write(actor, observation, noted, _to_keep(uploads or {}), dropped)
    record(actor=actor, action="progress_notebook.changed", obj=observation)
    return observation


@transaction.atomic
def remove(*, actor: Any, observation: Observation) -> Observation:
    """The family sees it no more; it can be put back."""
    return _stamped(actor, observation, "removed", removed_at=timezone.now())


@transaction.atomic
def restore(*, actor: Any, observation: Observation) -> Observation:
    return _stamped(actor, observation, "restored", removed_at=None)


@transaction.atomic
def share(*, actor: Any, observation: Observation) -> Observation:
    observation = _locked(actor, observation)
    _share(actor, [observation])
    return observation


@transaction.atomic
def unshare(*, actor: Any, observation: Observation) -> Observation:
    """A draft again. What an edition holds of it stays there."""
    return _stamped(actor, observation, "unshared", shared_at=None)


@transaction.atomic
def undo(*, actor: Any, school_class: Any, lot: UUID) -> int:
    """Takes a whole gesture back. Returns how many observations."""
    check(actor, "progress_notebook.write_observations", school_class)
    rows = Observation.objects.standing().filter(school_class=school_class, lot=lot, author=actor)
    rows = rows.select_for_update(of=("self",)).order_by("pk")
    for observation in rows:
        remove(actor=actor, observation=observation)
    return len(rows)


@transaction.atomic
def share_class(*, actor: Any, school_class: Any) -> int:
    """All that waits of the pupils of today. Returns how many observations."""
    check(actor, "progress_notebook.write_observations", school_class)
    rows = Observation.objects.standing().filter(shared_at=None, pupil__in=enrolled_in(school_class).values("pupil"))
    waiting = list(rows.select_for_update(of=("self",)).select_related("pupil__person").order_by("pk"))
    _share(actor, waiting)
    return len(waiting)


def enrolled_in(school_class: Any, grades: Collection[str] = GRADES) -> Any:
    """Today's pupils of cycle 1, by name."""
    rows = Enrollment.objects.on().filter(school_class=school_class, grade__in=grades)
    return rows.select_related("pupil__person").order_by("pupil__person__sort_name", "pupil_id")


def _is(observation: Observation, noted: Noted, uploads: Mapping[str, File]) -> bool:
    """The very same thing, files included."""
    if noted != Noted(observation.domain, observation.seen_on, observation.milestone, observation.words):
        return False
    held = StoredFile.objects.filter(purpose__in=FLAGS, object_id=observation.pk)
    given = {purpose: sha256(b"".join(upload.chunks())).hexdigest() for purpose, upload in uploads.items()}
    return given == dict(held.values_list("purpose", "sha256"))


def _to_keep(uploads: Mapping[str, File]) -> dict[str, File]:
    return {purpose: reduced(upload) if purpose == PHOTO else upload for purpose, upload in uploads.items()}


def _check_pupils(school_class: Any, pupils: Collection[Any]) -> None:
    if not pupils:
        raise DomainError(_("Choisissez au moins un enfant."), code="nobody")
    if enrolled_in(school_class).filter(pupil__in=pupils).count() != len(pupils):
        raise PermissionDenied


def _write(
    actor: Any, observation: Observation, noted: Noted, uploads: Mapping[str, File], dropped: Iterable[str] = ()
) -> None:
    if noted.seen_on > timezone.localdate():
        raise DomainError(_("Ce jour n’est pas encore venu."), code="future")
    observation.domain, observation.seen_on = noted.domain, noted.seen_on
    observation.milestone, observation.words = noted.milestone, noted.words
    for purpose, flag in FLAGS.items():
        kept = getattr(observation, flag) and purpose not in dropped
        setattr(observation, flag, kept or purpose in uploads)
    if not (noted.milestone or noted.words or observation.has_photo or observation.has_sound):
        raise DomainError(_("Écrivez quelques mots, ou ajoutez une photo ou un son."), code="says_nothing")
    observation.save()
    for purpose in {*uploads, *dropped}:
        for file in StoredFile.objects.of_object(purpose, observation.pk):
            files.delete(actor=actor, file=file)
    for purpose, upload in uploads.items():
        files.store(actor=actor, upload=upload, purpose=purpose, object_id=observation.pk, kinds=KINDS_OF[purpose])


def _share(actor: Any, observations: list[Observation]) -> None:
    if not observations:
        return
    now = timezone.now()
    for observation in observations:
        observation.shared_at = observation.shared_at or now
    Observation.objects.bulk_update(observations, ["shared_at"])
    record(actor=actor, action="progress_notebook.shared", obj=observations[0], observations=len(observations))
    notices.shared({one.pupil_id for one in observations}, on=timezone.localdate(now))


def _stamped(actor: Any, observation: Observation, verb: str, **facts: Any) -> Observation:
    observation = _locked(actor, observation)
    for name, value in facts.items():
        setattr(observation, name, value)
    observation.save(update_fields=[*facts, "updated_at"])
    record(actor=actor, action=f"progress_notebook.{verb}", obj=observation)
    return observation


def _locked(actor: Any, observation: Observation) -> Observation:
    rows = Observation.objects.select_for_update(of=("self",)).select_related("pupil__person")
    observation = rows.get(pk=observation.pk)
    check(actor, "progress_notebook.change_observation", observation)
    return observation
