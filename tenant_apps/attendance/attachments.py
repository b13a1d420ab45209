"""The one file of a declaration, and who reads it: who sees the announcement. Never the town."""

from collections.abc import Collection
from typing import Any

from shared_apps.files import services as files
from shared_apps.files.kinds import JPEG, PDF, PNG, WEBP
from shared_apps.files.models import StoredFile
from tenant_apps.attendance.models import Announcement

PURPOSE = "attendance.absence"
KINDS = frozenset({PDF, PNG, JPEG, WEBP})
ACCEPT = ",".join(extension for kind in (PDF, JPEG, PNG, WEBP) for extension in kind.extensions)


def may_read(user: Any, file: StoredFile) -> bool:
    return Announcement.objects.visible_to(user).filter(lot=file.object_id).exists()


def delete_files(lots: Collection[Any]) -> None:
    """Of declarations that are gone."""
    for file in StoredFile.objects.filter(purpose=PURPOSE, object_id__in=list(lots)):
        files.delete(actor=None, file=file)
