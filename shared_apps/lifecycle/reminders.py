"""Who is told that a day comes, each distance once.

Six, three and one months before the last day of a convention, the owner and the commune; 30, 14 and 7 days before the
day of the law, when nobody has ordered the erasure, the owner and the administrators.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.months import add_months
from shared_apps.audit import services as audit
from shared_apps.lifecycle import mails
from shared_apps.lifecycle.models import Ending, Reminder
from shared_apps.lifecycle.querysets import WARNED_DAYS
from shared_apps.lifecycle.services.switching import advance
from shared_apps.onboarding.models import Case, Convention
from shared_apps.onboarding.services.cases import lock

MONTHS = (6, 3, 1)
State = Case.State


@transaction.atomic
def remind(*, case: Case) -> Reminder | None:
    """The nearest distance that has come. Those further away are passed over: one mail, not three."""
    case = lock(case)
    convention = case.convention
    if convention is None or convention.ends_on is None or case.state not in {State.OPEN, State.TO_RENEW}:
        return None
    months = _nearest(convention)
    reminder, is_new = Reminder.objects.get_or_create(convention=convention, ends_on=convention.ends_on, months=months)
    if not is_new:
        return None
    if convention.renewal != Convention.Renewal.TACIT:
        advance(None, case, State.TO_RENEW, timezone.localdate())
    mails.plan_reminder(reminder)
    audit.record(actor=None, action="lifecycle.reminded", obj=convention, months=months)
    return reminder


def _nearest(convention: Any) -> int:
    today = timezone.localdate()
    return min((months for months in MONTHS if add_months(today, months) >= convention.ends_on), default=MONTHS[0])


@transaction.atomic
def warn(*, ending: Ending) -> bool:
    ending = Ending.objects.select_for_update(of=("self",)).get(pk=ending.pk)
    days = min((days for days in WARNED_DAYS if ending.days_left <= days), default=None)
    if days is None or ending.ordered_at is not None:
        return False
    if ending.warned_days is not None and ending.warned_days <= days:
        return False
    ending.warned_days = days
    ending.save(update_fields=["warned_days", "updated_at"])
    mails.plan_deadline(ending)
    audit.record(actor=None, action="lifecycle.deadline_told", obj=ending, days=days)
    return True
