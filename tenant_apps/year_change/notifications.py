"""Families are told once, when they may read."""

from datetime import UTC
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.models import Guardianship
from tenant_apps.year_change.models import Placement, YearDraft

ANNOUNCE = "year_change.announce"


def announce(payload: dict[str, Any]) -> None:
    """Nothing to say when the date was taken back or moved since."""
    draft = YearDraft.objects.filter(pk=payload["draft"]).select_related("year").first()
    if draft is None or draft.publishes_at is None or draft.publishes_at.astimezone(UTC).isoformat() != payload["at"]:
        return
    rows = Placement.objects.filter(draft=draft).exclude(draft_class=None)
    links = Guardianship.objects.informed().filter(pupil__in=rows.values("pupil"), guardian__account__isnull=False)
    links = links.select_related("guardian__account", "pupil__person").order_by("pk")
    notify_all(_notice(link, draft) for link in links)


def _notice(link: Guardianship, draft: YearDraft) -> Notice:
    words = _("%(child)s · Sa classe de %(year)s est connue") % {
        "child": link.pupil.person.first_name,
        "year": draft.year.label,
    }
    return Notice(
        user=link.guardian.account,
        kind="year_change.class",
        title=words,
        path=reverse("year_change:classes"),
        key=f"year-{draft.pk}-{link.pk}",
        subject_ids=[link.pupil_id],
    )
