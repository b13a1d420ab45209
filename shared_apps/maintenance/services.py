"""The verbs of an intervention, of an incident, of « Ce qui change ». Each one writes the status page anew."""

import tomllib
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.maintenance import heads, slots
from shared_apps.maintenance.current import published
from shared_apps.maintenance.models import Change, Incident, IncidentUpdate, Window, default_announcement
from shared_apps.maintenance.state import write_state

SHIPPED = Path(__file__).parent / "data" / "nouveautes.toml"
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=72)


def _check(actor: Any, right: str) -> None:
    if not actor.has_perm(right):
        raise PermissionDenied


def _announce() -> None:
    """Once the change is kept: communes read it within the minute, the status page says it at once."""
    transaction.on_commit(published.clear)
    transaction.on_commit(write_state)


# --- interventions


@transaction.atomic
def plan_window(
    *,
    actor: Any,
    title: str,
    detail: str = "",
    access: str,
    starts_at: datetime,
    ends_at: datetime,
    communes: Collection[str] = (),
    parts: Collection[str] = (),
    announced_days: int = 7,
    tells_heads: bool = False,
    accepts_school_hours: bool = False,
) -> Window:
    """Raises DomainError when it lies in the past, lasts too long, or takes school hours without a word for it."""
    _check(actor, "maintenance.plan_window")
    during = _checked_hours(starts_at, ends_at, accepts_school_hours)
    window = Window.objects.create(
        title=title,
        detail=detail,
        access=access,
        starts_at=starts_at,
        ends_at=ends_at,
        communes=sorted(communes),
        parts=list(parts),
        announced_from=default_announcement(starts_at, announced_days),
        during_school=during,
        tells_heads=tells_heads,
        created_by=actor,
    )
    audit.record(actor=actor, action="maintenance.window_planned", obj=window, access=access, during_school=during)
    heads.tell_of_window(window, "planned")
    _announce()
    return window


def _checked_hours(starts_at: datetime, ends_at: datetime, accepts: bool) -> bool:
    if starts_at <= timezone.now():
        raise DomainError(_("Ce début est déjà passé : choisissez une heure à venir."), code="past")
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise DomainError(_("Une intervention dure de 5 minutes à 3 jours."), code="duration")
    during = slots.touches_school(starts_at, ends_at)
    if during and not accepts:
        message = _("Des écoles travaillent à ce moment-là. Prenez un autre créneau, ou maintenez celui-ci en cochant.")
        raise DomainError(message, code="school_hours")
    return during


@transaction.atomic
def extend_window(*, actor: Any, window: Window, ends_at: datetime) -> None:
    """A later end, said on each page at once."""
    _check(actor, "maintenance.plan_window")
    window = Window.objects.select_for_update(of=("self",)).get(pk=window.pk)
    if window.state not in ("planned", "running"):
        raise DomainError(_("Cette intervention est finie : planifiez-en une autre."), code="over")
    if ends_at <= window.ends_at:
        raise DomainError(_("La nouvelle fin doit suivre l’ancienne."), code="earlier")
    if ends_at - window.starts_at > LONGEST:
        raise DomainError(_("Une intervention dure de 5 minutes à 3 jours."), code="duration")
    window.ends_at, window.extended_at = ends_at, timezone.now()
    window.during_school = window.during_school or slots.touches_school(window.starts_at, ends_at)
    window.save(update_fields=["ends_at", "extended_at", "during_school", "updated_at"])
    audit.record(actor=actor, action="maintenance.window_extended", obj=window)
    heads.tell_of_window(window, f"extended:{ends_at.isoformat()}")
    _announce()


@transaction.atomic
def cancel_window(*, actor: Any, window: Window, because: str) -> None:
    """Before it begins it is called off; under way, the pages come back at once."""
    _check(actor, "maintenance.plan_window")
    window = Window.objects.select_for_update(of=("self",)).get(pk=window.pk)
    if window.state not in ("planned", "running"):
        raise DomainError(_("Cette intervention est déjà finie."), code="over")
    window.cancelled_at, window.cancelled_because = timezone.now(), because
    window.save(update_fields=["cancelled_at", "cancelled_because", "updated_at"])
    audit.record(actor=actor, action="maintenance.window_cancelled", obj=window)
    heads.tell_of_window(window, "cancelled")
    _announce()


# --- incidents


@transaction.atomic
def open_incident(
    *,
    actor: Any,
    title: str,
    severity: str,
    words: str,
    started_at: datetime,
    communes: Collection[str] = (),
    parts: Collection[str] = (),
    tells_heads: bool = False,
) -> Incident:
    _check(actor, "maintenance.tell_incident")
    if started_at > timezone.now():
        raise DomainError(_("Un incident a déjà commencé : pour l’avenir, planifiez une intervention."), code="future")
    facts = {"title": title, "severity": severity, "communes": sorted(communes), "parts": list(parts)}
    incident = Incident.objects.create(started_at=started_at, created_by=actor, **facts)
    _add_update(actor, incident, words)
    audit.record(actor=actor, action="maintenance.incident_opened", obj=incident, severity=severity)
    if tells_heads:
        heads.tell_of_incident(incident)
    _announce()
    return incident


def _add_update(actor: Any, incident: Incident, words: str) -> IncidentUpdate:
    return IncidentUpdate.objects.create(incident=incident, words=words, at=timezone.now(), created_by=actor)


@transaction.atomic
def update_incident(*, actor: Any, incident: Incident, words: str, severity: str) -> None:
    _check(actor, "maintenance.tell_incident")
    incident = _unfinished(incident)
    incident.severity = severity
    incident.save(update_fields=["severity", "updated_at"])
    update = _add_update(actor, incident, words)
    audit.record(actor=actor, action="maintenance.incident_updated", obj=update, incident=str(incident.pk))
    _announce()


@transaction.atomic
def end_incident(*, actor: Any, incident: Incident, words: str, cause: str) -> None:
    _check(actor, "maintenance.tell_incident")
    incident = _unfinished(incident)
    incident.ended_at, incident.cause = timezone.now(), cause
    incident.save(update_fields=["ended_at", "cause", "updated_at"])
    _add_update(actor, incident, words)
    audit.record(actor=actor, action="maintenance.incident_ended", obj=incident)
    _announce()


def _unfinished(incident: Incident) -> Incident:
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if incident.is_over:
        raise DomainError(_("Cet incident est terminé."), code="over")
    return incident


# --- what changes


@transaction.atomic
def write_change(
    *, actor: Any, change: Change | None = None, title: str, body: str, readers: Collection[str]
) -> Change:
    """A new draft, or a draft or a published entry put right."""
    _check(actor, "maintenance.write_change")
    change = change or Change(created_by=actor)
    change.title, change.body, change.readers = title, body, list(readers)
    change.save()
    audit.record(actor=actor, action="maintenance.change_written", obj=change)
    _announce()
    return change


@transaction.atomic
def publish_change(*, actor: Any, change: Change) -> None:
    _check(actor, "maintenance.write_change")
    _mark_published(change, timezone.now())
    audit.record(actor=actor, action="maintenance.change_published", obj=change)
    _announce()


@transaction.atomic
def withdraw_change(*, actor: Any, change: Change) -> None:
    """Back to a draft: nobody reads it any more."""
    _check(actor, "maintenance.write_change")
    _mark_published(change, None)
    audit.record(actor=actor, action="maintenance.change_withdrawn", obj=change)
    _announce()


def _mark_published(change: Change, at: datetime | None) -> None:
    change.published_at = at
    change.save(update_fields=["published_at", "updated_at"])


def take_shipped_changes() -> int:
    """What the release tells becomes drafts, each once: the academy reads, puts right, publishes."""
    rows = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["change"]
    known = set(
        Change.objects.filter(shipped_as__in=[row["name"] for row in rows]).values_list("shipped_as", flat=True)
    )
    new = [
        Change(title=row["title"], body=row["body"], readers=row.get("readers", []), shipped_as=row["name"])
        for row in rows
        if row["name"] not in known
    ]
    return len(Change.objects.bulk_create(new, ignore_conflicts=True))


def mark_news_read(user: Any) -> None:
    """The word « nouveau » is shown until then, whatever the device."""
    user.news_read_at = timezone.now()
    user.save(update_fields=["news_read_at"])
