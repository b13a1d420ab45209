"""What news gives to the person it is of, and what it forgets with them."""

from typing import Any

from core.registry import Erased
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.news.attachments import PURPOSE
from tenant_apps.news.models import Comment, Post, Reading


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    written = Post.objects.filter(author__person=person_id).order_by("created_at", "pk")
    said = Comment.objects.filter(author__person=person_id)
    read = Reading.objects.filter(account__person=person_id)
    return {
        "actualites": list(written.values("title", "body", "status", "starts_at", "created_at")),
        "commentaires": list(said.values("post__title", "body", "state", "created_at")),
        "actualites_lues": list(read.values("post__title", "created_at")),
    }


def erase(who: Erased) -> None:
    """Comments, readings and drafts go. What the school said stays, under « Ancien… »."""
    Comment.objects.filter(author__in=who.accounts).delete()
    Reading.objects.filter(account__in=who.accounts).delete()
    drafts = Post.objects.filter(author__in=who.accounts, status=Post.Status.DRAFT)
    for file in StoredFile.objects.filter(purpose=PURPOSE, object_id__in=drafts.values("pk")):
        files.delete(actor=None, file=file)
    drafts.delete()
