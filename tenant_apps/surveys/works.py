"""What surveys give to the person they are of, and what they forget with them."""

from typing import Any

from django.db.models import Q

from core.registry import Erased
from tenant_apps.surveys.models import Ballot, Survey


def personal_data(person_id: Any) -> dict[str, list[dict[str, Any]]]:
    """An anonymous answer is nobody's: that one answered is all that is known."""
    asked = Survey.objects.filter(author__person=person_id)
    given = Ballot.objects.filter(account__person=person_id)
    return {
        "sondages": list(asked.values("title", "status", "created_at")),
        "reponses_aux_sondages": list(given.values("survey__title", "response__answers", "created_at")),
    }


def erase(who: Erased) -> None:
    """Named answers go with their ballots; anonymous ones stay, drafts go."""
    Ballot.objects.filter(Q(account__in=who.accounts) | Q(pupil__in=who.pupils)).delete()
    Survey.objects.filter(author__in=who.accounts, status=Survey.Status.DRAFT).delete()
