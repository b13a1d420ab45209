"""The flash over each page, until « J’ai lu ». A commune where none runs costs no query: its empty answer is kept."""

from contextlib import suppress
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.registry import Flash
from tenant_apps.news.models import Post
from tenant_apps.news.querysets import READER_OF_PROFILE

KEY = "news-flashes"
KEPT = 60  # seconds; forgotten at each change


class Running(NamedTuple):
    """Of one that runs or will: no school, no name."""

    pk: Any
    starts: float
    ends: float
    readers: tuple[str, ...]

    def is_for(self, profile: str, now: float) -> bool:
        return self.starts <= now < self.ends and profile in self.readers


def forget(post: Post) -> None:
    if post.is_flash:
        _delete()
        transaction.on_commit(_delete)


def _delete() -> None:
    with suppress(Exception):
        cache.delete(KEY)


def flash(request: Any) -> Flash | None:
    """The most pressing that this person has not read. One query while one runs for their profile, none else."""
    profile = READER_OF_PROFILE.get(getattr(request, "profile", ""), getattr(request, "profile", ""))
    host = getattr(request, "host_entry", None)
    if not profile or host is None or host.is_academy or hasattr(request, "seen_as"):
        return None
    now = timezone.now().timestamp()
    wanted = [one.pk for one in _running() if one.is_for(profile, now)]
    if not wanted:
        return None
    rows = Post.objects.read_as(request.user, profile).filter(pk__in=wanted).unread_by(request.user)
    post = rows.order_by("-level", "-starts_at", "pk").first()
    return Flash(post.title, post.body, reverse("news:read", args=[post.pk]), post.is_important) if post else None


def _running() -> list[Running]:
    with suppress(Exception):  # a lost cache costs a query, never the page nor the flash
        kept = cache.get(KEY)
        if kept is not None:
            return [Running(*one) for one in kept]
    rows = Post.objects.flashes().filter(status=Post.Status.PUBLISHED, ends_at__gt=timezone.now()).order_by("pk")
    found = [Running(one.pk, one.starts_at.timestamp(), one.ends_at.timestamp(), tuple(one.readers)) for one in rows]
    with suppress(Exception):
        cache.set(KEY, [tuple(one) for one in found], KEPT)
    return found
