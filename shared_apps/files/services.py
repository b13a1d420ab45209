"""Storing, reading, deleting a file. What it belongs to decides who reads it (`core.registry.file_readers`)."""

from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import registry
from core.errors import DomainError
from core.ids import uuid7
from core.locks import one_at_a_time
from core.tenancy import current_schema
from core.words import file_size
from shared_apps.audit.services import record
from shared_apps.files.kinds import ARCHIVE, Kind, kind_of
from shared_apps.files.models import StoredFile
from shared_apps.files.names import clean_name
from shared_apps.files.storage import path_of, storage

# A transaction that wrote a file and was undone leaves its bytes: swept after this long.
ORPHAN_AFTER = timedelta(days=1)


@transaction.atomic
def store(
    *, actor: Any, upload: File, purpose: str, object_id: Any = None, kinds: Collection[Kind] | None = None
) -> StoredFile:
    """Keep what a person gave. `kinds` narrows the accepted ones.

    Raises DomainError: empty, too_big, unknown_kind, too_dense, over_quota.
    """
    if purpose not in registry.file_readers:
        raise LookupError(f"Nobody says who reads a file of {purpose!r}")
    kind = check(upload, kinds=kinds)
    return _keep(upload, kind, owner=actor, purpose=purpose, object_id=object_id)


@transaction.atomic
def store_archive(
    *, owner: Any, upload: File, purpose: str, object_id: Any = None, is_whole: bool = False
) -> StoredFile:
    """A ZIP that the platform made for somebody (their data): what people give is never one.

    `is_whole`: all that a commune holds, at its end; no size or quota may stop it.

    Raises DomainError: too_big, over_quota.
    """
    if purpose not in registry.file_readers:
        raise LookupError(f"Nobody says who reads a file of {purpose!r}")
    if not is_whole:
        _check_size(upload)
    return _keep(upload, ARCHIVE, owner=owner, purpose=purpose, object_id=object_id, is_counted=not is_whole)


def _keep(upload: File, kind: Kind, *, owner: Any, purpose: str, object_id: Any, is_counted: bool = True) -> StoredFile:
    file = StoredFile(
        id=uuid7(),
        name=clean_name(upload.name or "", kind),
        mime_type=kind.mime_type,
        size=upload.size,
        sha256=_digest(upload),
        owner=owner,
        purpose=purpose,
        object_id=object_id,
    )
    one_at_a_time("files")
    if is_counted:
        _check_quota(file.size)
    _write(file, upload)
    record(actor=owner, action="files.stored", obj=file, purpose=purpose, size=file.size)
    return file


def check(upload: File, *, kinds: Collection[Kind] | None = None) -> Kind:
    """What forms ask before anything is written. Raises DomainError as `store`, but for the quota."""
    _check_size(upload)
    content: Any = upload.file
    kind = kind_of(content)
    if kinds is not None and kind not in kinds:
        labels = ", ".join(sorted(k.label for k in kinds))
        raise DomainError(_("Ici, déposez un fichier de ce type : %(kinds)s.") % {"kinds": labels}, code="unknown_kind")
    return kind


def _check_size(upload: File) -> None:
    if not upload.size:
        raise DomainError(_("Ce fichier est vide."), code="empty")
    if upload.size > settings.ENT_FILE_MAX:
        limit = file_size(settings.ENT_FILE_MAX)
        raise DomainError(_("Ce fichier dépasse %(limit)s.") % {"limit": limit}, code="too_big")


def _check_quota(size: int) -> None:
    if StoredFile.objects.total_size() + size > settings.ENT_FILE_QUOTA:
        raise DomainError(
            _("L’espace de fichiers de la commune est plein. Supprimez des fichiers, ou demandez-en davantage."),
            code="over_quota",
        )


def _digest(upload: File) -> str:
    found = sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    return found.hexdigest()


def _write(file: StoredFile, upload: File) -> None:
    """The bytes first: a row never lacks its file."""
    path = path_of(file.pk)
    upload.seek(0)
    storage().save(path, File(upload.file))
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except BaseException:
        storage().delete(path)
        raise


def may_read(user: Any, file: StoredFile) -> bool:
    """Asked again at each reading: a right lost is lost at the next request."""
    readers = registry.file_readers
    return bool(user.is_active and file.purpose in readers and readers[file.purpose](user, file))


@transaction.atomic
def delete(*, actor: Any, file: StoredFile) -> None:
    """The row at once, the bytes when the transaction ends well."""
    path = path_of(file.pk)
    record(actor=actor, action="files.deleted", obj=file, purpose=file.purpose, size=file.size)
    StoredFile.objects.filter(pk=file.pk).delete_rows()
    transaction.on_commit(lambda: storage().delete(path))


def sweep() -> int:
    """Delete the bytes that no row knows, of the current schema. Returns how many files."""
    store_, folder = storage(), current_schema()
    if not store_.exists(folder):
        return 0
    old = timezone.now() - ORPHAN_AFTER
    known = {str(pk) for pk in StoredFile.objects.values_list("pk", flat=True)}
    names = [f"{folder}/{name}" for name in store_.listdir(folder)[1] if name not in known]
    orphans = [name for name in names if store_.get_modified_time(name) < old]
    for name in orphans:
        store_.delete(name)
    return len(orphans)
