"""The one file a note may carry, and who reads it: who sees the note."""

from typing import Any

from shared_apps.files.kinds import JPEG, PDF, PNG, WEBP
from shared_apps.files.models import StoredFile
from tenant_apps.liaison.models import LiaisonNote

KINDS = frozenset({PDF, PNG, JPEG, WEBP})
ACCEPT = ",".join(extension for kind in (PDF, JPEG, PNG, WEBP) for extension in kind.extensions)


def may_read(user: Any, file: StoredFile) -> bool:
    return LiaisonNote.objects.visible_to(user).filter(pk=file.object_id).exists()
