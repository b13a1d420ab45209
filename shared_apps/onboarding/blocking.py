"""What blocks a case, in one look: what is awaited, who must act, since when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.onboarding import journey, late
from shared_apps.onboarding.models import Case
from shared_apps.onboarding.services.mandates import mandate_of

State = Case.State
ACADEMY, TOWN = late.ACADEMY, late.TOWN

# Who must act for the case to leave this state.
WHO: dict[str, tuple[str, Any]] = {
    State.PROSPECT: (ACADEMY, gettext_lazy("L’académie")),
    State.CONTACTED: (ACADEMY, gettext_lazy("L’académie")),
    State.DRAFTED: (TOWN, gettext_lazy("Le conseil municipal")),
    State.DELIBERATED: (TOWN, gettext_lazy("La mairie")),
    State.SIGNED_BY_COMMUNE: (ACADEMY, gettext_lazy("Le rectorat")),
    State.SIGNED_BY_BOTH: (ACADEMY, gettext_lazy("L’académie")),
}


@dataclass(frozen=True, slots=True)
class Blocker:
    what: str
    who: str
    since: date
    side: str
    by: date | None = None
    is_history: bool = False  # a convention of before, taken over by a file: it opens in its turn, nobody is late

    @property
    def days(self) -> int:
        return max(0, (timezone.localdate() - self.since).days)

    @property
    def is_late(self) -> bool:
        if self.by is not None:
            return self.by < timezone.localdate()
        return not self.is_history and self.days > journey.LATE_AFTER


def blocker(case: Case) -> Blocker | None:
    """None when nothing is awaited: the commune is open, being opened, or erased."""
    if (found := late.next_of(case)) is not None:
        return Blocker(found.what, found.who, case.state_since, found.side, found.by)
    if case.state not in WHO:
        return None
    if case.state == State.SIGNED_BY_BOTH and (waits := mandate_blocker(case)) is not None:
        return waits
    side, who = WHO[case.state]
    act = journey.ACTS.get(case.state)
    what = str(act.waits_for) if act else _("La convention est signée : il reste à ouvrir la commune.")
    if side == ACADEMY and case.owner:
        who = case.owner.get_full_name()
    if case.state == State.SIGNED_BY_BOTH and case.imported_on is not None:
        return Blocker(what, str(who), max(case.state_since, case.imported_on), side, is_history=True)
    return Blocker(what, str(who), case.state_since, side)


def mandate_blocker(case: Case) -> Blocker | None:
    """The delegate who is not proven yet: the opening waits for the town's word, or for us to ask."""
    if case.state not in WHO:
        return None
    delegate, asked = mandate_of(case)
    if delegate is None or (asked is not None and asked.is_confirmed):
        return None
    words = {"name": delegate.full_name}
    owner = case.owner.get_full_name() if case.owner else _("L’académie")
    if asked is None:
        what = _("Le mandat de %(name)s n’a pas été demandé à la mairie.")
        return Blocker(what % words, owner, timezone.localtime(delegate.updated_at).date(), ACADEMY)
    if asked.answered_at is not None:
        what = _("La mairie ne reconnaît pas %(name)s : indiquez une autre personne.")
        return Blocker(what % words, owner, timezone.localtime(asked.answered_at).date(), ACADEMY)
    if not asked.is_open:
        what = _("Le lien envoyé à la mairie pour %(name)s n’est plus valable : demandez de nouveau.")
        return Blocker(what % words, owner, timezone.localtime(asked.expires_at).date(), ACADEMY)
    what = _("La mairie n’a pas confirmé que %(name)s la représente.")
    return Blocker(what % words, _("La mairie"), timezone.localtime(asked.created_at).date(), TOWN)
