"""Pictures and papers of a piece of news, read by who reads it."""

from typing import Any

from shared_apps.files.kinds import JPEG, PDF, PNG, WEBP
from shared_apps.files.models import StoredFile
from tenant_apps.news.models import Post

PURPOSE = "news.post"
KINDS = frozenset({PDF, PNG, JPEG, WEBP})
ACCEPT = ",".join(extension for kind in (PDF, JPEG, PNG, WEBP) for extension in kind.extensions)
AT_MOST = 6


def may_read(user: Any, file: StoredFile) -> bool:
    return Post.objects.visible_to(user).filter(pk=file.object_id).exists()


def files_of(post: Post) -> list[StoredFile]:
    return list(StoredFile.objects.of_object(PURPOSE, post.pk))
