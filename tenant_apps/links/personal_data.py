"""What this room holds about one person, for « mes données »."""

from typing import Any

from tenant_apps.links.models import AccountLink


def links_of(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """The other commune by its space; the other account is known to nobody here."""
    rows = AccountLink.objects.filter(user__person=person_id, completed_at__isnull=False).order_by("created_at", "pk")
    return {"comptes_relies": list(rows.values("other", "completed_at", "revoked_at"))}
