"""A case once its commune was open: what its convention waits for, who must act, by when. `lifecycle` does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.onboarding.models import Case, Convention

State = Case.State
ACADEMY, TOWN, NOBODY = "academy", "town", ""
RENEW = (
    "lifecycle:renew",
    gettext_lazy("Enregistrer la reconduction"),
    gettext_lazy("Quand les deux parties ont signé."),
    "lifecycle.manage_terms",
)
LOOK = (
    "lifecycle:life",
    gettext_lazy("Voir la vie de la convention"),
    gettext_lazy("Ce qui a été fait, ce qui vient, et quand."),
    "lifecycle.view_life",
)


@dataclass(frozen=True, slots=True)
class Next:
    """`act`: the page where it is done, its words, when to do it, who may."""

    what: str
    who: str
    side: str
    by: date | None
    act: tuple[str, Any, Any, str] = LOOK


def next_of(case: Case) -> Next | None:
    """None: nothing is awaited."""
    find = FINDERS.get(case.state)
    return find(case) if find else None


def _signed(case: Case) -> Next | None:
    """Recorded late, its convention may be over before its commune was opened."""
    convention = case.convention
    if convention is None or not convention.is_over:
        return None
    what = _("La convention a pris fin avant l’ouverture : il faut sa reconduction.")
    return Next(what, _("La mairie et l’académie"), TOWN, None, RENEW)


def _to_renew(case: Case) -> Next | None:
    convention = case.convention
    if convention is None or convention.ends_on is None:
        return None
    if convention.renewal == Convention.Renewal.NONE:
        what = _("La convention finit à son terme, sans reconduction : l’espace ne pourra plus être que lu.")
        return Next(what, _("Personne"), NOBODY, convention.ends_on)
    what = _("La reconduction n’est pas signée.")
    return Next(what, _("La mairie et l’académie"), TOWN, convention.ends_on, RENEW)


def _expired(case: Case) -> Next | None:
    ending = _ending(case)
    if ending is None:
        return None
    what = _("La convention a pris fin. Reconduite maintenant, l’espace rouvre ; ensuite il sera archivé.")
    return Next(what, _("La mairie et l’académie"), TOWN, ending.readable_until, RENEW)


def _ended(case: Case) -> Next | None:
    ending = _ending(case)
    if ending is None:
        return None
    if ending.archived_at is None:
        return Next(_("L’espace se lit encore, puis il sera archivé."), _("Personne"), NOBODY, ending.readable_until)
    if ending.ordered_at is not None:
        return Next(_("L’effacement est demandé : il se fera de lui-même."), _("Personne"), NOBODY, ending.erase_by)
    return Next(_("Les données ne sont pas effacées."), _("Un administrateur"), ACADEMY, ending.erase_by)


def _suspended(case: Case) -> Next | None:
    return Next(_("L’accès est suspendu."), _("Un administrateur"), ACADEMY, None)


def _ending(case: Case) -> Any:
    """The one going on (`lifecycle`)."""
    return next((ending for ending in case.endings.all() if not ending.is_over), None)


FINDERS: dict[str, Callable[[Case], Next | None]] = {
    State.SIGNED_BY_BOTH: _signed,
    State.SUSPENDED: _suspended,
    State.TO_RENEW: _to_renew,
    State.EXPIRED: _expired,
    State.TERMINATED: _ended,
    State.ARCHIVED: _ended,
}
