"""The file that a message may carry, read by its author and by whoever got the message."""

from typing import Any

from shared_apps.files.kinds import JPEG, PDF, PNG, WEBP
from shared_apps.files.models import StoredFile
from tenant_apps.messages.models import Message

PURPOSE = "messaging.message"
KINDS = frozenset({PDF, PNG, JPEG, WEBP})
ACCEPT = ",".join(extension for kind in (PDF, JPEG, PNG, WEBP) for extension in kind.extensions)
AT_MOST = 5


def may_read(user: Any, file: StoredFile) -> bool:
    return Message.objects.visible_to(user).filter(pk=file.object_id).exists()


def files_of(messages: Any) -> dict[Any, list[StoredFile]]:
    """message id → its files, in one query."""
    found: dict[Any, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(purpose=PURPOSE, object_id__in=messages):
        found.setdefault(file.object_id, []).append(file)
    return found
