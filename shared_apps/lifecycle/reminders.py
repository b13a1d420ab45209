"""Six, three and one months before the last day, the owner and the commune are told; each distance once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.months import add_months
from shared_apps.audit import services as audit
from shared_apps.lifecycle import mails
from shared_apps.lifecycle.models import Reminder
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
