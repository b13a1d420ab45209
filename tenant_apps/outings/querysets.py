"""Which outings: everything that shows them starts with `visible_to`. The town sees none."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from shared_apps.signatures.models import Slot
from tenant_apps.people.models import Guardianship
from tenant_apps.schools.models import SchoolClass

PURPOSE = "outings.outing"


class OutingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers and the head, drafts of others aside; the guardians who were asked."""
        staff = Q(school_class__in=SchoolClass.objects.families_open_to(user), published_at__isnull=False)
        asked = slots_visible_to(user).filter(request__object_id=OuterRef("pk"))
        return self.filter(Q(author=user) | staff | Q(Exists(asked)))

    def followed_by(self, user: Any) -> Self:
        return self.visible_to(user).filter(school_class__in=SchoolClass.objects.families_open_to(user))

    def asked_of(self, user: Any) -> Self:
        return self.filter(Exists(slots_visible_to(user).filter(request__object_id=OuterRef("pk"))))


def slots_visible_to(user: Any) -> models.QuerySet:
    """The places where this guardian signs, for children still in their charge."""
    charge = Guardianship.objects.informed().of(user)
    mine = Exists(charge.filter(guardian_id=OuterRef("signer_id"), pupil_id=OuterRef("subject_id")))
    return Slot.objects.filter(mine, request__purpose=PURPOSE)
