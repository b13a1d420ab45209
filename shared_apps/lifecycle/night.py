"""Each morning: what the calendar does by itself, case by case, so that one that fails keeps nobody waiting."""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from core.errors import DomainError
from core.months import add_months
from shared_apps.lifecycle import reminders, services
from shared_apps.lifecycle.models import Ending
from shared_apps.onboarding.models import Case, Convention

log = logging.getLogger(__name__)


def follow_all() -> dict[str, int]:
    """Safe to repeat, and to miss: what a day did not do is done the next one."""
    today = timezone.localdate()
    dated = Case.objects.filter(conventions__ends_on__isnull=False, conventions__closed_on=None)
    tacit = dated.filter(conventions__renewal=Convention.Renewal.TACIT, conventions__ends_on__lte=today)
    counts = {"extended": _each(tacit, lambda case: services.extend_tacitly(case=case))}
    counts["reminded"] = _each(_ending_within(dated, today), lambda case: reminders.remind(case=case))
    over = dated.filter(conventions__ends_on__lt=today)
    counts["expired"] = _each(over, lambda case: services.expire(case=case))
    endings = Ending.objects.to_archive(today).select_related("case")
    counts["archived"] = _each(endings, lambda ending: services.archive(ending=ending))
    deadlines = Ending.objects.to_warn(today)
    counts["warned"] = _each(deadlines, lambda ending: reminders.warn(ending=ending))
    orders = Ending.objects.to_order(today)
    counts["ordered"] = _each(orders, lambda ending: services.order_by_itself(ending=ending))
    return counts


def _ending_within(cases: Any, today: date) -> Any:
    last = add_months(today, reminders.MONTHS[0])
    return cases.filter(conventions__ends_on__gte=today, conventions__ends_on__lte=last)


def _each(rows: Any, act: Callable[[Any], Any]) -> int:
    done = 0
    for row in list(rows.distinct()):
        try:
            done += bool(act(row))
        except DomainError as refusal:
            log.warning("lifecycle.refused", extra={"object_id": row.pk, "error": refusal.code})
        except Exception:
            log.exception("lifecycle.failed", extra={"object_id": row.pk})
    return done
