"""What happens to news and flashes. Each verb is one function: it checks, writes, leaves an audit entry."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.locks import one_at_a_time
from shared_apps.audit.services import record
from shared_apps.files import services as files
from shared_apps.files.models import StoredFile
from tenant_apps.news import audience, flashes, notifications
from tenant_apps.news.attachments import AT_MOST, KINDS, PURPOSE
from tenant_apps.news.audience import Place
from tenant_apps.news.models import Comment, Post, Reach, Reading, Thread
from tenant_apps.news.querysets import READER_OF_PROFILE, TIES
from tenants.agreements import asks_heads


@transaction.atomic
def save_thread(*, actor: Any, thread: Thread) -> Thread:
    """Open one, or change who publishes and reads in it; its school, or the town, stays."""
    _check(actor, "news.keep_threads")
    # A new one is not in the table: the school is asked of the head, the town of its service.
    _check(actor, "news.say", Post(school_id=thread.school_id))
    thread.save()
    record(actor=actor, action="news.thread_saved", obj=thread)
    return thread


@transaction.atomic
def save_draft(
    *,
    actor: Any,
    post: Post,
    places: Iterable[Place],
    uploads: Collection[File] = (),
    drops: Collection[Any] = (),
) -> Post:
    """Write or rewrite a piece of news or a flash that nobody reads yet. `drops`: ids of files taken away."""
    if post._state.adding:
        post.author = actor
    else:
        _check(actor, "news.change", _locked(post))
    if post.thread is not None:
        post.school_id = post.thread.school_id
    _check(actor, "news.say", post)
    _check_readers(post)
    places = _checked_places(actor, post, places)
    post.save()
    post.reaches.all().delete()
    Reach.objects.bulk_create(Reach(post=post, school_id=p.school, school_class_id=p.school_class) for p in places)
    _change_files(actor, post, uploads, drops)
    return post


@transaction.atomic
def publish(*, actor: Any, post: Post) -> Post:
    """From its hour, or now. The town's waits in each school for its head, unless the convention frees it."""
    post = _locked(post)
    _check(actor, "news.change", post)
    _checked_places(actor, post, [Place(r.school_id, r.school_class_id) for r in post.reaches.all()])
    now = timezone.now()
    post.starts_at = max(post.starts_at or now, now)
    if post.ends_at is not None and post.ends_at <= post.starts_at:
        raise DomainError(_("La fin est déjà passée : changez-la."))
    post.status = Post.Status.PUBLISHED
    post.save(update_fields=["status", "starts_at", "updated_at"])
    if post.school_id is None and asks_heads():
        post.reaches.update(state=Reach.State.WAITING)
        notifications.ask_heads(post)
    record(actor=actor, action=f"news.{post.kind}_published", obj=post, places=post.reaches.count())
    notifications.plan(post)
    flashes.forget(post)
    return post


@transaction.atomic
def withdraw(*, actor: Any, post: Post) -> Post:
    """Nobody reads it any more; it stays with those who keep it."""
    post = _locked(post)
    _check(actor, "news.withdraw", post)
    post.status = Post.Status.WITHDRAWN
    post.save(update_fields=["status", "updated_at"])
    record(actor=actor, action=f"news.{post.kind}_withdrawn", obj=post)
    flashes.forget(post)
    return post


@transaction.atomic
def delete_draft(*, actor: Any, post: Post) -> None:
    post = _locked(post)
    _check(actor, "news.change", post)
    _change_files(actor, post, (), [file.pk for file in StoredFile.objects.of_object(PURPOSE, post.pk)])
    post.delete()


@transaction.atomic
def decide(*, actor: Any, reach: Reach, is_accepted: bool, refusal: str = "") -> Reach:
    """The head lets the town's word into the school, or not, and says why; and may change their mind."""
    _check(actor, "news.decide", reach)
    if not is_accepted and not refusal.strip():
        raise DomainError(_("Dites à la mairie pourquoi vous ne la montrez pas."))
    reach = Reach.objects.select_for_update(of=("self",)).get(pk=reach.pk)
    reach.state = Reach.State.OPEN if is_accepted else Reach.State.REFUSED
    reach.refusal = "" if is_accepted else refusal.strip()[:200]
    reach.decided_at, reach.decided_by = timezone.now(), actor
    reach.save(update_fields=["state", "refusal", "decided_at", "decided_by", "updated_at"])
    record(actor=actor, action="news.reach_decided", obj=reach, accepted=is_accepted)
    if is_accepted and reach.post.is_published:
        notifications.plan(reach.post, occasion=str(reach.pk))
    flashes.forget(reach.post)
    return reach


@transaction.atomic
def read(*, actor: Any, post: Post, profile: str) -> None:
    """Counted once for each person whom it reaches under this profile; who keeps it is no reader."""
    if Post.objects.read_as(actor, profile).filter(pk=post.pk).exists():
        row = Reading(post=post, account=actor, profile=READER_OF_PROFILE.get(profile, profile))
        Reading.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def comment(*, actor: Any, post: Post, body: str) -> Comment:
    """Read again before it is shown, unless its author is who reads again."""
    _check(actor, "news.comment", post)
    is_keeper = actor.has_perm("news.keep", post)
    state = Comment.State.SHOWN if is_keeper else Comment.State.WAITING
    return Comment.objects.create(post=post, author=actor, body=body, state=state)


@transaction.atomic
def report(*, actor: Any, comment: Comment) -> None:
    """Out of sight until it is decided on; who reported is not kept."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    _check(actor, "news.report", comment)
    comment.state, comment.reported_at = Comment.State.WAITING, timezone.now()
    comment.save(update_fields=["state", "reported_at", "updated_at"])
    record(actor=actor, action="news.comment_reported", obj=comment)


@transaction.atomic
def moderate(*, actor: Any, comment: Comment, is_shown: bool) -> Comment:
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    _check(actor, "news.moderate", comment)
    comment.state = Comment.State.SHOWN if is_shown else Comment.State.REFUSED
    comment.is_kept = is_shown and comment.reported_at is not None
    comment.save(update_fields=["state", "is_kept", "updated_at"])
    record(actor=actor, action="news.comment_decided", obj=comment, shown=is_shown)
    return comment


def _check_readers(post: Post) -> None:
    if post.thread is not None and not set(post.readers) <= set(post.thread.readers):
        raise DomainError(_("Ce fil ne se lit pas par tous ceux que vous avez choisis."))
    if not set(post.readers) <= set(TIES):
        raise PermissionDenied
    if post.is_flash and len(post.body) > Post.FLASH_LENGTH:
        raise DomainError(_("Un message flash tient en %(n)s signes.") % {"n": Post.FLASH_LENGTH})


def _checked_places(actor: Any, post: Post, places: Iterable[Place]) -> list[Place]:
    """Whole schools for the town; else places of one school, the actor's own."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        raise DomainError(_("Dites pour qui : choisissez au moins une école ou une classe."))
    known = audience.places(actor)
    if any(known.get(place.key, (None, ""))[0] != place for place in wanted):
        raise PermissionDenied
    if post.school_id is None and any(place.school_class for place in wanted):
        raise DomainError(_("La mairie s’adresse à des écoles entières."))
    if post.school_id is not None and {place.school for place in wanted} != {post.school_id}:
        raise DomainError(_("Ce fil est d’une autre école : choisissez dans celle-ci."))
    return wanted


def _change_files(actor: Any, post: Post, uploads: Collection[File], drops: Collection[Any]) -> None:
    one_at_a_time(f"news:{post.pk}")
    mine = StoredFile.objects.of_object(PURPOSE, post.pk)
    for file in mine.filter(pk__in=list(drops)):
        files.delete(actor=actor, file=file)
    if mine.count() + len(uploads) > AT_MOST:
        raise DomainError(_("%(n)s fichiers au plus.") % {"n": AT_MOST})
    for upload in uploads:
        files.store(actor=actor, upload=upload, purpose=PURPOSE, object_id=post.pk, kinds=KINDS)


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post.pk)


def _check(actor: Any, permission: str, obj: Any = None) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
