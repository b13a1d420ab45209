"""Reporting words to the head of a school, and deciding. The app of the words asks its own right before."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import registry
from shared_apps.audit.services import record
from tenant_apps.moderation import notifications
from tenant_apps.moderation.models import AbstractReport

State = AbstractReport.State


@transaction.atomic
def report(*, actor: Any, model: type[AbstractReport], words: Any, school_id: Any, reason: str) -> AbstractReport:
    """To the head of that school, once for each reader."""
    facts = {"reason": reason, "school_id": school_id}
    row, is_new = model.objects.get_or_create(**{model.WORDS: words}, reporter=actor, defaults=facts)
    if is_new:
        record(actor=None, action=f"{_app(row)}.reported", obj=row)  # who reported is in no journal that others read
        notifications.reported(row)
    return row


@transaction.atomic
def decide(*, actor: Any, report: AbstractReport, withdraws: bool) -> AbstractReport:
    """Leave the words, or hide them from their readers; they are kept aside. Every report of them is answered."""
    if not actor.has_perm("moderation.moderate", report):
        raise PermissionDenied
    words = type(report.words)._default_manager.select_for_update(of=("self",)).get(pk=report.words.pk)
    if words.author_id == actor.pk:
        raise PermissionDenied
    state = State.WITHDRAWN if withdraws else State.KEPT
    facts = {"state": state, "decided_by": actor, "decided_at": timezone.now()}
    answered = list(type(report).objects.waiting().about(words).select_related("school", "reporter"))
    type(report).objects.filter(pk__in=[row.pk for row in answered]).update(**facts)
    if withdraws and answered:
        registry.reported[_app(report)].withdraw(words)
    for row in answered:
        row.state = state
        notifications.goes_up(row)
    if answered:
        notifications.decided(answered, words, actor)
        record(actor=actor, action=f"{_app(report)}.report_{state}", obj=words)
    return type(report).objects.get(pk=report.pk)


@transaction.atomic
def forget(reports: Any) -> None:
    """Their reporters or their words are erased: nothing waits for a head any more, and the academy knows it."""
    for row in reports.waiting().select_related("school"):
        row.state = State.KEPT
        notifications.goes_up(row)
    reports.delete()


def _app(report: AbstractReport) -> str:
    return report._meta.app_label
