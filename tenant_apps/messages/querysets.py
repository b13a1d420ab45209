"""Which messages: one's own copies. A head reads, of others', what was reported and nothing else."""

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from core.text import sort_key
from tenant_apps.people.querysets import IsNear

INBOX, SENT, TRASH = "", "envoyes", "corbeille"
UNFINISHED = ("draft", "queued")


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """What one wrote or got."""
        copies = apps.get_model("messaging", "Copy").objects.visible_to(user).filter(message=OuterRef("pk"))
        return self.filter(Q(Exists(copies)) | Q(author=user, state__in=UNFINISHED))

    def unfinished_of(self, user: Any) -> Self:
        """Drafts, and what waits for its hour."""
        return self.filter(author=user, state__in=UNFINISHED).order_by("-updated_at", "-pk")


class CopyQuerySet(models.QuerySet):
    def visible_to(self, user: Any, now: datetime | None = None) -> Self:
        return self.filter(account=user, held_at=None, arrives_at__lte=now or timezone.now())

    def in_box(self, box: str) -> Self:
        """The inbox, what one sent, the bin, or a folder of one's own."""
        if box == TRASH:
            return self.exclude(trashed_at=None)
        kept = self.filter(trashed_at=None)
        if box == SENT:
            return kept.filter(is_mine=True, folder="")
        return kept.filter(folder=box) if box else kept.filter(is_mine=False, folder="")

    def received(self) -> Self:
        return self.filter(is_mine=False)

    def unread(self) -> Self:
        return self.filter(is_mine=False, read_at=None)

    def with_message(self) -> Self:
        return self.select_related("message__author__person")

    def saying(self, text: str) -> Self:
        """Every word somewhere in the subject or the text, without accents nor case."""
        words = sort_key(text).split()
        if not words:
            return self.none()
        return self.filter(*(Q(message__folded__contains=word) for word in words))

    def nearly_saying(self, text: str) -> Self:
        """The same with a typing error. Within `people.querysets.nearness()`."""
        words = [Value(word) for word in sort_key(text).split()]
        return self.filter(*(IsNear("message__folded", word) for word in words)) if words else self.none()
