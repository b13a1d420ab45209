"""Who publishes, decides, comments. Who reads is told by `querysets`."""

from typing import Any

from rules import predicate

from core.permissions import declare
from tenant_apps.news.models import Comment, Post, Reach, Thread
from tenant_apps.news.querysets import serves_the_town
from tenant_apps.people.profiles import profiles_of
from tenant_apps.schools.models import School


@predicate
def writes_somewhere(user: Any, thread: Any = None) -> bool:
    rows = Thread.objects.written_in_by(user)
    return (rows.filter(pk=thread.pk) if thread is not None else rows).exists()


@predicate
def keeps_a_place(user: Any, _obj: Any = None) -> bool:
    """A head, or the town's school service: threads and flashes are theirs."""
    return School.objects.headed_by(user).exists() or serves_the_town(user)


@predicate
def keeps(user: Any, post: Any) -> bool:
    return Post.objects.kept_by(user).filter(pk=post.pk).exists()


@predicate
def may_say_there(user: Any, post: Any) -> bool:
    """Where a post speaks, saved or not: its thread; for a flash, the school one heads or the town one serves."""
    if post.thread_id:
        return Thread.objects.written_in_by(user).filter(pk=post.thread_id).exists()
    if post.school_id:
        return School.objects.headed_by(user).filter(pk=post.school_id).exists()
    return serves_the_town(user)


@predicate
def is_draft(_user: Any, post: Any) -> bool:
    return post.is_draft


@predicate
def is_published(_user: Any, post: Any) -> bool:
    return post.is_published


@predicate
def takes_comments(_user: Any, post: Any) -> bool:
    return post.takes_comments and post.is_live and not post.is_flash


@predicate
def reads(user: Any, post: Any) -> bool:
    return any(Post.objects.read_as(user, profile).filter(pk=post.pk).exists() for profile in profiles_of(user))


@predicate
def heads_reach(user: Any, reach: Any) -> bool:
    return Reach.objects.decided_by_head(user).filter(pk=reach.pk).exists()


@predicate
def is_reportable(user: Any, comment: Any) -> bool:
    return comment.state == Comment.State.SHOWN and not comment.is_kept and comment.author_id != user.pk


@predicate
def keeps_its_post(user: Any, comment: Any) -> bool:
    """Not once one has left the school."""
    return keeps(user, comment.post) and may_say_there(user, comment.post)


RIGHTS = declare(
    "news",
    {
        "write": writes_somewhere | keeps_a_place,
        "keep_threads": keeps_a_place,
        "flash": keeps_a_place,
        "keep": keeps,
        "change": keeps & is_draft & may_say_there,
        "say": may_say_there,
        "withdraw": keeps & is_published,
        "comment": takes_comments & reads,
        "report": is_reportable,
        "moderate": keeps_its_post,
        "decide": heads_reach,
    },
)
