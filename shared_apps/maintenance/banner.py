"""What a commune's pages say over their content: an intervention under way or announced, an incident."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.registry import Banner
from core.words import clock, day
from shared_apps.maintenance.current import Planned, announced, running_window
from shared_apps.maintenance.models import Window

STATUS = "/etat/"


def banner(request: Any) -> Banner | None:
    host = getattr(request, "host_entry", None)
    if host is None or host.is_academy:
        return None
    running = running_window(host.insee)
    words = _of_incident(host.insee) or (_running(running) if running else _coming(host.insee))
    return Banner(words, STATUS, _("L’état du service")) if words else None


def _of_incident(insee: str) -> str:
    for incident in announced().incidents:
        if incident.concerns(insee):
            return _("Incident en cours : %(title)s.") % {"title": incident.title.rstrip(".")}
    return ""


def _running(window: Planned) -> str:
    facts = {"title": window.title.rstrip("."), "end": _until(window)}
    if window.access == Window.Access.READ_ONLY:
        return _("Intervention jusqu’à %(end)s : %(title)s. On peut lire, pas enregistrer.") % facts
    return _("Intervention jusqu’à %(end)s : %(title)s. Tout reste utilisable.") % facts


def _until(window: Planned) -> str:
    same = timezone.localdate(window.ends_at) == timezone.localdate()
    if same:
        return clock(window.ends_at)
    return _("%(day)s, %(clock)s") % {"day": day(window.ends_at), "clock": clock(window.ends_at)}


def _coming(insee: str) -> str:
    coming = [w for w in announced().windows if w.is_announced and w.concerns(insee)]
    if not coming:
        return ""
    window = min(coming, key=lambda w: w.starts_at)
    facts = {
        "day": day(window.starts_at),
        "start": clock(window.starts_at),
        "end": clock(window.ends_at),
        "title": window.title.rstrip("."),
    }
    return SENTENCES[window.access]() % facts


SENTENCES = {
    Window.Access.OPEN: lambda: _("Intervention %(day)s, de %(start)s à %(end)s : %(title)s. Tout reste utilisable."),
    Window.Access.READ_ONLY: lambda: _(
        "Intervention %(day)s, de %(start)s à %(end)s : %(title)s. On pourra lire, pas enregistrer."
    ),
    Window.Access.CLOSED: lambda: _(
        "Intervention %(day)s, de %(start)s à %(end)s : %(title)s. Les pages seront fermées."
    ),
}
