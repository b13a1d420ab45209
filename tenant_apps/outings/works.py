"""What outings give to the person they are of, and what they forget with them."""

from typing import Any

from core.registry import Erased
from tenant_apps.outings.models import Companion, Outing


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    written = Outing.objects.filter(author__person=person_id)
    came = Companion.objects.filter(account__person=person_id)
    return {
        "sorties": list(written.values("title", "day", "created_at")),
        "accompagnements": list(came.values("outing__title", "outing__day")),
    }


def erase(who: Erased) -> None:
    """Who came along is forgotten; an outing that was sent stays, under « Ancien… »."""
    Companion.objects.filter(account__in=who.accounts).delete()
    Outing.objects.filter(author__in=who.accounts, published_at=None).delete()
