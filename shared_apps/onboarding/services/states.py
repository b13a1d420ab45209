"""Which state of a case follows which, and the one function that changes it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.audit import services as audit
from shared_apps.onboarding.models import Case, CaseEvent
from shared_apps.onboarding.services.follow_up import plan_tasks

S = Case.State

NEXT: dict[str, frozenset[str]] = {
    S.PROSPECT: frozenset({S.CONTACTED}),
    S.CONTACTED: frozenset({S.DRAFTED}),
    S.DRAFTED: frozenset({S.DELIBERATED}),
    S.DELIBERATED: frozenset({S.SIGNED_BY_COMMUNE}),
    S.SIGNED_BY_COMMUNE: frozenset({S.SIGNED_BY_BOTH}),
    S.SIGNED_BY_BOTH: frozenset({S.PROVISIONING, S.TERMINATED}),
    S.PROVISIONING: frozenset({S.OPEN}),
    S.OPEN: frozenset({S.SUSPENDED, S.TO_RENEW, S.EXPIRED, S.TERMINATED}),
    S.SUSPENDED: frozenset({S.OPEN, S.TO_RENEW, S.EXPIRED, S.TERMINATED}),
    S.TO_RENEW: frozenset({S.OPEN, S.SUSPENDED, S.EXPIRED, S.TERMINATED}),
    S.EXPIRED: frozenset({S.OPEN, S.ARCHIVED}),  # renewed late, while it can still be read
    # It may come back, once nothing is left of before (`lifecycle.services.come_back`).
    S.TERMINATED: frozenset({S.ARCHIVED, S.PROSPECT}),
    S.ARCHIVED: frozenset({S.PROSPECT}),
}


def move(*, actor: Any, case: Case, to: str, on: date, detail: str = "") -> CaseEvent:
    """Change the state of a locked case, with its event and its audit entry. In the caller's transaction."""
    if to not in NEXT[case.state]:
        raise DomainError(
            _("Le dossier est à l’état « %(now)s » : il ne peut pas passer à « %(wanted)s ».")
            % {"now": case.get_state_display(), "wanted": S(to).label},
            code="wrong_state",
        )
    before, case.state, case.state_since = case.state, to, on
    case.save(update_fields=["state", "state_since", "updated_at"])
    event = CaseEvent.objects.create(case=case, state=to, on=on, detail=detail, recorded_by=actor)
    plan_tasks(actor=actor, case=case, left=before, on=on)
    audit.record(
        actor=actor, action="onboarding.state_changed", obj=case, insee=case.insee, before=before, after=str(to)
    )
    return event
