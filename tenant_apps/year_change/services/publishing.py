"""The day and the hour from which families read their child's class."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit.services import record
from shared_apps.notifications import outbox
from tenant_apps.year_change.models import YearDraft
from tenant_apps.year_change.notifications import ANNOUNCE
from tenant_apps.year_change.services.drafts import locked


@transaction.atomic
def publish(*, actor: Any, draft: YearDraft, at: datetime) -> YearDraft:
    """From `at` on (now at the earliest, the first day of the year at the latest) families read, and are told once.

    Raises DomainError: nothing to show, after the year begins, families read it already.
    """
    draft = locked(actor, draft, "year_change.publish_draft")
    if draft.is_published:
        raise DomainError(_("Les familles lisent déjà ces classes."), code="published")
    if at > timezone.now() and timezone.localdate(at) > draft.year.starts_on:
        raise DomainError(_("Choisissez une date avant la rentrée."), code="too_late")
    if not draft.placements.exclude(draft_class=None).exists():
        raise DomainError(_("Aucun élève n’a encore de classe."), code="empty")
    draft.publishes_at = max(at, timezone.now()).astimezone(UTC)
    draft.save(update_fields=["publishes_at", "updated_at"])
    record(actor=actor, action="year_change.published", obj=draft, at=draft.publishes_at.isoformat())
    moment = draft.publishes_at.isoformat()
    # With its moment: a date taken back or moved leaves an effect that finds nothing to say.
    payload = {"draft": str(draft.pk), "at": moment}
    outbox.put(ANNOUNCE, key=f"year-{draft.pk}-{moment}", payload=payload, not_before=draft.publishes_at)
    return draft


@transaction.atomic
def unpublish(*, actor: Any, draft: YearDraft) -> YearDraft:
    """Before its date only: what families have read can be corrected, not unread."""
    draft = locked(actor, draft, "year_change.publish_draft")
    if draft.publishes_at is None:
        raise DomainError(_("Aucune date n’est fixée."), code="not_scheduled")
    if draft.is_published:
        raise DomainError(_("Les familles ont déjà lu ces classes : corrigez-les ici."), code="published")
    draft.publishes_at = None
    draft.save(update_fields=["publishes_at", "updated_at"])
    record(actor=actor, action="year_change.unpublished", obj=draft)
    return draft
