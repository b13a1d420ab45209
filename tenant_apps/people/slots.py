"""Where a guardian signs: one rule for all that is signed (words, outings, reports…)."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from shared_apps.signatures.models import Slot
from tenant_apps.people.models import Guardianship


def slots_of(user: Any) -> QuerySet[Slot]:
    """The places of this guardian, for children still in their charge."""
    charge = Guardianship.objects.informed().of(user)
    mine = charge.filter(guardian_id=OuterRef("signer_id"), pupil_id=OuterRef("subject_id"))
    return Slot.objects.filter(Exists(mine))
