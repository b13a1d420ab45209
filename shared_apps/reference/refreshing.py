"""An official file, uploaded, read, compared, approved by somebody; nothing is written before."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import one_at_a_time
from shared_apps.audit import services as audit
from shared_apps.reference import loading
from shared_apps.reference.differences import lines_of, print_of
from shared_apps.reference.loading import KINDS, Diff, UnreadableFileError
from shared_apps.reference.models import ReferenceLoad

MANY = 10  # in a hundred rows: more would leave than a year takes
State = ReferenceLoad.State


def check(actor: Any) -> None:
    if not actor.has_perm("reference.manage_reference"):
        raise PermissionDenied


@transaction.atomic
def propose(*, actor: Any, kind: str, file_name: str, content: bytes) -> ReferenceLoad:
    """What the file would change. Raises UnreadableFileError with its wrong lines, DomainError when nothing changes."""
    check(actor)
    diff = _compare(kind, content)
    if diff.is_empty:
        raise DomainError(_("Ce fichier dit la même chose que le référentiel : rien à approuver."), code="same")
    lines = lines_of(diff)
    load = ReferenceLoad.objects.create(
        kind=kind,
        file_name=file_name[:120],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        lines=lines,
        seen=print_of(lines),
        removed=len(diff.removed),
        unchanged=diff.unchanged,
        uploaded_by=actor,
    )
    audit.record(actor=actor, action="reference.proposed", obj=load, kind=kind, lines=len(lines))
    return load


def _compare(kind: str, content: bytes) -> Diff:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fichier.csv"
        path.write_bytes(content)
        diff = loading.compare(KINDS[kind], path)
    if diff.errors:
        raise UnreadableFileError(diff.errors)
    return diff


@transaction.atomic
def approve(*, actor: Any, load: ReferenceLoad, accepts_many: bool = False) -> int:
    """Write exactly what was read. Raises DomainError when the reference data changed meanwhile, or when so many rows
    leave that the file may be cut.
    """
    check(actor)
    one_at_a_time("reference:load")
    load = _waiting(load)
    diff = _compare(load.kind, bytes(load.content or b""))
    if print_of(lines_of(diff)) != load.seen:
        raise DomainError(
            _("Le référentiel a changé depuis ce dépôt : écartez-le, et déposez le fichier de nouveau."), code="stale"
        )
    if leaves_many(load) and not accepts_many:
        raise DomainError(_("Beaucoup de lignes disparaîtraient : cochez si le fichier est bien entier."), code="many")
    count = loading.apply(diff, actor=actor)
    _decide(actor, load, State.APPROVED)
    return count


@transaction.atomic
def refuse(*, actor: Any, load: ReferenceLoad) -> None:
    check(actor)
    load = _waiting(load)
    _decide(actor, load, State.REFUSED)


def leaves_many(load: ReferenceLoad) -> bool:
    """One row may always leave."""
    return load.removed > 1 and load.removed * 100 > MANY * (load.removed + load.unchanged)


def _waiting(load: ReferenceLoad) -> ReferenceLoad:
    load = ReferenceLoad.objects.select_for_update(of=("self",)).get(pk=load.pk)
    if load.state != State.WAITING:
        raise DomainError(_("Ce dépôt est déjà décidé."), code="decided")
    return load


def _decide(actor: Any, load: ReferenceLoad, state: str) -> None:
    load.state, load.decided_by, load.decided_at, load.content = state, actor, timezone.now(), None
    load.save(update_fields=["state", "decided_by", "decided_at", "content", "updated_at"])
    audit.record(actor=actor, action=f"reference.{state}", obj=load, kind=load.kind)
