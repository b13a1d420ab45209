"""The opening, as an act of a wave: the same service and the same machine as one opening, row by row."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from provisioning import services
from provisioning.models import Opening
from provisioning.opening import machine
from shared_apps.onboarding.wave_acts import AlreadyDone, StillUnderWay, WaveActKind
from tenants.models import Commune


def open_in_wave(actor: Any, insee: str, params: dict[str, Any]) -> None:
    """Asks for it, or goes on with what was begun; the opening's own lock keeps two workers apart."""
    opening = Opening.objects.of_commune(insee).unfinished().first()
    if opening is None:
        if Commune.objects.filter(insee=insee, state=Commune.State.OPEN).exists():
            raise AlreadyDone(_("Déjà ouverte."))
        opening = services.request_opening(actor=actor, insee=insee, by_worker=False)
    elif opening.state == Opening.State.FAILED:
        opening = services.resume_opening(actor=actor, opening=opening, by_worker=False)
    machine.run(opening.pk)
    opening.refresh_from_db()
    if opening.state == Opening.State.FAILED:
        raise DomainError(opening.error, code="opening_failed")
    if opening.state != Opening.State.READY:
        raise StillUnderWay


KIND = WaveActKind(
    "open",
    gettext_lazy("Ouvrir les communes"),
    gettext_lazy("Celles dont la convention est signée des deux côtés."),
    open_in_wave,
    permission="provisioning.open_commune",
    is_long=True,
)
