"""Which outings: everything that shows them starts with `visible_to`. The town sees none."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tenant_apps.people.models import Enrollment
from tenant_apps.people.slots import slots_of
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

    def in_agenda_of(self, user: Any) -> Self:
        """Those that take place, for who may open them, and for the pupils of the class, who open none (`is_own`)."""
        own = Enrollment.objects.on().filter(pupil__person__account=user, school_class=OuterRef("school_class"))
        mine = Q(pk__in=self.visible_to(user).order_by().values("pk")) | Q(is_own=True)
        return self.annotate(is_own=Exists(own)).filter(mine, published_at__isnull=False, withdrawn_at=None)

    def asked_of(self, user: Any) -> Self:
        return self.filter(Exists(slots_visible_to(user).filter(request__object_id=OuterRef("pk"))))


def slots_visible_to(user: Any) -> models.QuerySet:
    """The places where this guardian signs, for children still in their charge."""
    return slots_of(user).filter(request__purpose=PURPOSE)
