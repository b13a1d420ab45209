"""What news brings to the home page: what was not opened yet, for a fortnight."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.addresses import address_of
from core.frozen import Asked, frozen
from core.registry import Todo
from tenant_apps.news.models import Post
from tenant_apps.news.querysets import READERS

READ_FOR = timedelta(days=14)
AT_MOST = 5


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile == "pupil" or profile not in READERS:
        return []
    now = timezone.now()
    unread = _unread.in_pages(user, now - READ_FOR, now, profile=profile)
    return unread.first(AT_MOST).then(lambda posts: [_todo(post) for post in posts])


@frozen
def _unread(user: Any, since: datetime, now: datetime, *, profile: str) -> QuerySet:
    """Rows of plain values."""
    rows = Post.objects.news().read_as(user, profile, now).unread_by(user).exclude(author=user)
    rows = rows.filter(starts_at__gt=since).with_classes()
    return rows.values_list("pk", "title", "starts_at", "thread__title", "classes", named=True)


def _todo(post: Any) -> Todo:
    when = timezone.localdate(post.starts_at)
    detail = ", ".join([post.thread__title, *post.classes])
    return Todo(when=when, kind="read", title=post.title, detail=detail, url=address_of("news:post", post.pk))
