"""News of a small school, and of its town: call inside a commune."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tenant_apps.news import services
from tenant_apps.news.audience import Place
from tenant_apps.news.models import Comment, Post, Reach, Thread
from tests.tenant_apps.liaison.factories import ClassRoom

EVERYBODY = ["guardian", "pupil", "teacher", "head", "municipal"]


def thread(room: ClassRoom | None = None, **facts: Any) -> Thread:
    """Of the school of this class; the town's without one."""
    school = room.school if room else None
    defaults = {"title": "Vie de l’école" if room else "Mairie", "readers": EVERYBODY}
    return Thread.objects.get_or_create(school=school, **{"defaults": defaults} | facts)[0]


def draft(room: ClassRoom, *, by: Any = None, reach: str = "class", **facts: Any) -> Post:
    """A class's by its teacher; with `reach="school"`, the whole school's by its head."""
    place = Place(room.school.pk, room.school_class.pk if reach == "class" else None)
    defaults = {"title": "Le loto", "body": "Samedi à 14 h.", "readers": EVERYBODY, "thread": thread(room)}
    author = by or (room.teacher if reach == "class" else room.head)
    return services.save_draft(actor=author, post=Post(**defaults | facts), places=[place])


def news(room: ClassRoom, **facts: Any) -> Post:
    post = draft(room, **facts)
    return services.publish(actor=post.author, post=post)


def of_the_town(officer: Any, *schools: Any, **facts: Any) -> Post:
    defaults = {"title": "Piscine fermée", "body": "Jusqu’à lundi.", "readers": EVERYBODY, "thread": thread()}
    places = [Place(school.pk) for school in schools]
    made = services.save_draft(actor=officer, post=Post(**defaults | facts), places=places)
    return services.publish(actor=officer, post=made)


def flash(room: ClassRoom, *, by: Any = None, **facts: Any) -> Post:
    """The head's, for the parents of the school."""
    ends = timezone.now() + timedelta(days=2)
    defaults = {"kind": "flash", "school": room.school, "title": "Verglas", "body": "Entrée par la rue Droite."}
    made = Post(**defaults | {"readers": ["guardian"], "ends_at": ends} | facts)
    post = services.save_draft(actor=by or room.head, post=made, places=[Place(room.school.pk)])
    return services.publish(actor=post.author, post=post)


def of_the_world(room: ClassRoom, officer: Any, next_class: Any) -> dict[str, Any]:
    """Rows alone, for the access matrix: of the class, of the class next door, of the school, of the town."""
    now = timezone.now()
    live = {"status": "published", "starts_at": now, "title": "Essai", "body": "Essai", "readers": EVERYBODY}
    of_school = {"school": room.school, "thread": thread(room), "author": room.teacher, "takes_comments": True}
    post = Post.objects.create(**live, **of_school)
    next_post = Post.objects.create(**live | of_school | {"author": room.head})
    unfinished = Post.objects.create(**live | of_school | {"status": "draft", "starts_at": None})
    town = live | {"readers": ["guardian", "teacher", "head"], "author": officer, "thread": thread()}
    flashing = live | {"kind": "flash", "school": room.school, "author": room.head, "readers": ["guardian"]}
    flashing |= {"ends_at": now + timedelta(days=1)}
    asked, shown = Post.objects.create(**town), Post.objects.create(**town)
    flash_, flash_draft = Post.objects.create(**flashing), Post.objects.create(**flashing | {"status": "draft"})
    for one, school_class in (
        (post, room.school_class.pk),
        (unfinished, room.school_class.pk),
        (next_post, next_class),
    ):
        Reach.objects.create(post=one, school=room.school, school_class_id=school_class)
    for one in (shown, flash_, flash_draft):
        Reach.objects.create(post=one, school=room.school)
    said = {"post": post, "author": room.guardians["Sophie"], "body": "Bravo"}
    return {
        "news": post.pk,
        "next_news": next_post.pk,
        "news_draft": unfinished.pk,
        "town_news": shown.pk,
        "town_reach": Reach.objects.create(post=asked, school=room.school, state="waiting").pk,
        "flash": flash_.pk,
        "flash_draft": flash_draft.pk,
        "thread": thread(room).pk,
        "comment_waiting": Comment.objects.create(**said).pk,
        "comment_shown": Comment.objects.create(**said, state="shown").pk,
    }
