"""What news brings to the home page: what was not opened yet, for a fortnight."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.registry import Todo
from tenant_apps.news.models import Post

READ_FOR = timedelta(days=14)
AT_MOST = 5


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile == "pupil":
        return []
    rows = Post.objects.news().read_as(user, profile).unread_by(user).exclude(author=user)
    rows = rows.filter(starts_at__gt=timezone.now() - READ_FOR).select_related("thread")
    return [_todo(post) for post in rows[:AT_MOST]]


def _todo(post: Post) -> Todo:
    when = timezone.localdate(post.starts_at)
    return Todo(when=when, kind="read", title=post.title, detail=str(post.thread), url=post.get_absolute_url())
