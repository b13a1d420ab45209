"""The one place where the door of a commune changes, with its case. Lock order: the commune, then its case."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.onboarding.models import Case
from shared_apps.onboarding.services.states import move
from tenants.hosts import announce_change
from tenants.models import Commune


def locked(insee: str) -> tuple[Commune | None, Case | None]:
    """Inside a transaction."""
    commune = Commune.objects.select_for_update().filter(insee=insee).first()
    cases = Case.objects.for_commune(insee).select_related("commune").select_for_update(of=("self",))
    return commune, cases.first()


def born(commune: Commune | None, insee: str) -> Commune:
    if commune is None:
        raise DomainError(_("Aucune commune %(insee)s n’est ouverte ici.") % {"insee": insee}, code="unknown_commune")
    return commune


def switch(commune: Commune, to: str, *, closes_on: date | None = None) -> None:
    commune.state, commune.closes_on = to, closes_on
    commune.save(update_fields=["state", "closes_on"])
    announce_change()


def advance(actor: Any, case: Case | None, to: str, on: date, detail: str = "") -> None:
    if case is not None and case.state != to:
        move(actor=actor, case=case, to=to, on=on, detail=detail[:200])
