"""What the live panel says of an opening."""

from typing import Any

from django.utils.translation import gettext as _

from core.words import NO_BREAK, figure
from provisioning.models import Opening, OpeningStep
from provisioning.sessions import is_held

State = Opening.State


def board_of(opening: Opening) -> dict[str, Any]:
    """For the component `live`."""
    steps = list(opening.steps.all())
    return {
        "title": _title(opening),
        "status": _status(opening, steps),
        "percent": opening.percent,
        "steps": [{"label": s.label, "state": s.state, "ms": s.milliseconds} for s in steps],
        "is_stalled": opening.state == State.RUNNING and not is_held(opening.lock),
    }


def _title(opening: Opening) -> str:
    titles: dict[str, str] = {State.FAILED: _("Ouverture arrêtée"), State.READY: _("Commune ouverte")}
    return titles.get(opening.state, _("Ouverture en cours"))


def _status(opening: Opening, steps: list[OpeningStep]) -> str:
    done = sum(step.is_done for step in steps)
    if opening.state == State.REQUESTED:
        return _("Demande enregistrée, un instant…")
    if opening.state == State.READY:
        return _("%(total)d étapes · %(time)s") % {"total": len(steps), "time": _time(opening)}
    return _("Étape %(step)d sur %(total)d · %(time)s") % {
        "step": min(done + 1, len(steps)),
        "total": len(steps),
        "time": _time(opening),
    }


def _time(opening: Opening) -> str:
    return f"{figure(opening.duration.total_seconds(), 1)}{NO_BREAK}s"
