"""Mails to those who head the schools concerned. The academy asks, each commune tells its own people."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core import registry
from core.tenancy import in_schema
from core.words import moment
from shared_apps.maintenance.models import Incident, Window
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify_all
from tenants.models import Commune

KIND = "maintenance.tell_heads"
STATUS = "/etat/"


def tell_of_window(window: Window, what: str) -> None:
    if window.tells_heads:
        title = _window_title(window, what.partition(":")[0])
        _plan(title, f"window:{window.pk}:{what}", window.communes)


def _window_title(window: Window, what: str) -> str:
    facts = {"title": window.title, "start": moment(window.starts_at), "end": moment(window.ends_at)}
    if what == "cancelled":
        return _("Intervention annulée : %(title)s (%(start)s)") % facts
    if what == "extended":
        return _("Intervention prolongée jusqu’à %(end)s : %(title)s") % facts
    return _("Intervention prévue %(start)s : %(title)s") % facts


def tell_of_incident(incident: Incident) -> None:
    _plan(_("Incident en cours : %(title)s") % {"title": incident.title}, f"incident:{incident.pk}", incident.communes)


def _plan(title: str, key: str, communes: list[str]) -> None:
    """One effect a commune: a commune that can't be told holds up no other."""
    rows = Commune.objects.reachable()
    if communes:
        rows = rows.filter(insee__in=communes)
    schemas = list(rows.order_by("schema_name").values_list("schema_name", flat=True))
    outbox.put_all(
        KIND, [outbox.Effect(f"{key}:{schema}", {"schema": schema, "title": title, "key": key}) for schema in schemas]
    )


def deliver(payload: dict[str, Any]) -> None:
    """Handler of `maintenance.tell_heads`, in `public`."""
    if not Commune.objects.reachable().filter(schema_name=payload["schema"]).exists():
        return
    with in_schema(payload["schema"]):
        notify_all(_notices(_heads(), payload))


def _heads() -> Iterable[Any]:
    return {user.pk: user for source in registry.school_heads for user in source()}.values()


def _notices(users: Iterable[Any], payload: dict[str, Any]) -> list[Notice]:
    return [
        Notice(user, "maintenance", payload["title"], STATUS, f"maintenance:{payload['key']}:{user.pk}")
        for user in users
    ]
