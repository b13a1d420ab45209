"""What communes send up of reported messages: where, and whether the head has decided. Never the text."""

import re
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import registry
from shared_apps.emergency import notices
from shared_apps.emergency.models import ReportedMessage
from tenants.models import Commune

REPORT = "emergency.report"
UAI = re.compile(r"[0-9]{7}[A-Z]")
State = ReportedMessage.State


def hear_report(schema: str, data: dict[str, Any]) -> None:
    """A commune speaks of its own reports only; what was decided stays decided."""
    facts = {"uai": data["uai"] or "", "heads": data["heads"]}
    commune = Commune.objects.get(schema_name=schema)
    row, is_new = ReportedMessage.objects.get_or_create(pk=UUID(data["report"]), defaults={"commune": commune, **facts})
    if is_new:
        notices.reported(row)
    if data["state"] != State.WAITING and row.commune_id == commune.pk and row.state == State.WAITING:
        row.state, row.decided_at = data["state"], timezone.now()
        row.save(update_fields=["state", "decided_at", "updated_at"])  # the academy may be closing its line


def declare() -> None:
    fields = {"report": UUID, "uai": UAI, "heads": int, "state": frozenset(State.values)}
    registry.uplink_handlers.register(REPORT, registry.Uplink(fields, hear_report))
