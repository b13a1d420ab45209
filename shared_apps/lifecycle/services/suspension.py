"""Nobody enters any more, nothing is deleted; then the door opens again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.lifecycle.models import Ending, Suspension
from shared_apps.lifecycle.services.switching import advance, born, locked, switch
from shared_apps.onboarding.models import Case, CaseEvent
from tenants.models import Commune

State = Case.State


@transaction.atomic
def suspend(*, actor: Any, insee: str, reason: str = "") -> Commune:
    commune, case = _at(insee, Commune.State.OPEN)
    switch(commune, Commune.State.SUSPENDED)
    if case is not None:
        Suspension.objects.create(case=case, reason=reason, suspended_by=actor)
    advance(actor, case, State.SUSPENDED, timezone.localdate(), reason)
    audit.record(actor=actor, action="provisioning.suspended", obj=commune, insee=insee)
    return commune


@transaction.atomic
def lift_suspension(*, actor: Any, insee: str) -> Commune:
    """Back to where the case was: open, or about to end. When the convention ended meanwhile, to be read only."""
    commune, case = _at(insee, Commune.State.SUSPENDED)
    ending = Ending.objects.going_on().filter(case=case).first() if case else None
    if ending is None:
        switch(commune, Commune.State.OPEN)
        advance(actor, case, _state_before(case), timezone.localdate())
    else:
        switch(commune, Commune.State.READ_ONLY, closes_on=ending.readable_until)
    if case is not None:
        now = timezone.now()
        open_ones = Suspension.objects.filter(case=case, lifted_at=None)
        open_ones.update(lifted_at=now, lifted_by=actor, updated_at=now)
    audit.record(actor=actor, action="provisioning.suspension_lifted", obj=commune, insee=insee)
    return commune


def _state_before(case: Case | None) -> str:
    events = CaseEvent.objects.filter(case=case, state__in=[State.OPEN, State.TO_RENEW])
    last = events.order_by("-created_at", "-pk").first()
    return last.state if last else State.OPEN


def _at(insee: str, state: str) -> tuple[Commune, Case | None]:
    found, case = locked(insee)
    commune = born(found, insee)
    if commune.state != state:
        words = {"commune": commune.name, "state": commune.get_state_display()}
        raise DomainError(_("%(commune)s est %(state)s.") % words, code="wrong_state")
    return commune, case
