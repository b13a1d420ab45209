"""What happens to the agenda. Each verb is one function: it checks, writes, leaves an audit entry."""

import secrets
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from tenant_apps.agenda import notifications
from tenant_apps.agenda.models import Event, Feed, Lesson
from tenant_apps.schools.models import SchoolClass

FURTHEST = 400  # days: a school year and its summer


@transaction.atomic
def save_event(*, actor: Any, event: Event) -> Event:
    """Write a date or change it; where it was and where it goes must both be the actor's to keep. Families are told of
    what changes in a class or a group.
    """
    before = None if event._state.adding else Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if before:
        _check(actor, "agenda.change_event", before)
    _check(actor, "agenda.change_event", event)
    if (event.last_day - event.starts_on).days > FURTHEST:
        raise DomainError(_("C’est trop long : une année scolaire au plus."))
    if before is None:
        event.author = actor
    elif all(getattr(before, name) == getattr(event, name) for name in Event.SEEN):
        return before
    else:
        event.told_at = before.told_at
        if event.place_id != before.place_id or not notifications.is_for_families(event):
            notifications.tell_gone(before)
            event.told_at = None
    event.save()
    notifications.plan(event)
    record(actor=actor, action="agenda.event_changed" if before else "agenda.event_written", obj=event)
    return event


@transaction.atomic
def remove_event(*, actor: Any, event: Event) -> None:
    """Families who were told of it are told that it is off."""
    _check(actor, "agenda.change_event", event)
    if found := Event.objects.select_for_update(of=("self",)).filter(pk=event.pk).first():
        notifications.tell_gone(found)
        record(actor=actor, action="agenda.event_removed", obj=found)
        found.delete()


@transaction.atomic
def add_lesson(*, actor: Any, lesson: Lesson) -> Lesson:
    """Two lessons of a class never overlap: the class is held while the others are read."""
    _check(actor, "agenda.write_timetable", lesson.school_class)
    SchoolClass.objects.select_for_update(of=("self",)).get(pk=lesson.school_class_id)
    day = Lesson.objects.filter(school_class=lesson.school_class_id, weekday=lesson.weekday)
    if day.filter(begins_at__lt=lesson.ends_at, ends_at__gt=lesson.begins_at).exists():
        raise DomainError(_("Cette heure est déjà prise dans l’emploi du temps."))
    lesson.save()
    record(actor=actor, action="agenda.lesson_added", obj=lesson)
    return lesson


@transaction.atomic
def remove_lesson(*, actor: Any, lesson: Lesson) -> None:
    _check(actor, "agenda.write_timetable", lesson.school_class)
    record(actor=actor, action="agenda.lesson_removed", obj=lesson)
    lesson.delete()


# --- the private address


def feed_of(token: str) -> Feed | None:
    """Of an account still open."""
    feed = Feed.objects.select_related("user").filter(digest=digest_of(token)).first()
    return feed if feed and feed.user.is_active else None


@transaction.atomic
def make_feed(*, actor: Any) -> str:
    """A new address; the one before stops answering."""
    _check(actor, "agenda.view")
    token = secrets.token_urlsafe(32)
    feed, _created = Feed.objects.update_or_create(user=actor, defaults={"digest": digest_of(token)})
    record(actor=actor, action="agenda.feed_made", obj=feed)
    return token


@transaction.atomic
def revoke_feed(*, actor: Any) -> None:
    gone, _by_model = Feed.objects.filter(user=actor).delete()
    if gone:
        record(actor=actor, action="agenda.feed_revoked")


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _check(actor: Any, permission: str, obj: Any = None) -> None:
    if not actor.has_perm(permission, obj):
        raise PermissionDenied
