"""A commune that left comes back: a new convention, then a new, empty space. What was signed before stays told."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.lifecycle.models import Ending
from shared_apps.lifecycle.services.switching import advance, locked
from shared_apps.onboarding.models import Case, CaseEvent, Convention
from tenants.models import Commune

State = Case.State


def may_come_back(case: Case, commune: Commune | None) -> bool:
    """Nothing is left of before: never open, or erased."""
    is_over = case.state in {State.TERMINATED, State.ARCHIVED}
    return is_over and commune is None and not Ending.objects.going_on().filter(case=case).exists()


@transaction.atomic
def come_back(*, actor: Any, case: Case) -> Case:
    commune, found = locked(case.insee)
    if found is None or not may_come_back(found, commune):
        raise DomainError(
            _("Cette commune n’a pas fini de partir : ses données d’avant sont encore là."), code="wrong_state"
        )
    _close(found.conventions.filter(closed_on=None), _ended_on(found))
    advance(actor, found, State.PROSPECT, timezone.localdate(), _("revient après la fin de sa convention"))
    audit.record(actor=actor, action="lifecycle.came_back", obj=found, insee=found.insee)
    return found


def _close(conventions: Any, last: date) -> None:
    now, kind = timezone.now(), Convention.Kind
    conventions.filter(kind=kind.INITIAL).update(kind=kind.FORMER, closed_on=last, updated_at=now)
    conventions.update(closed_on=last, updated_at=now)


def _ended_on(case: Case) -> date:
    """The last day of the convention: an end is written on the day after."""
    ends = CaseEvent.objects.filter(case=case, state__in=[State.EXPIRED, State.TERMINATED])
    return ends.latest("created_at").on - timedelta(days=1)
