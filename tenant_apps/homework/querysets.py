"""Which homework, and what was made of it: everything that shows them starts with `visible_to`. The town sees none."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.schools.models import SchoolClass


def learning(user: Any) -> Any:
    """Today's enrolments of one's own and of the children for whom one gets what the school writes."""
    mine = Q(pupil__person__account=user) | Q(pupil__in=Pupil.objects.informing(user))
    return Enrollment.objects.on().filter(mine)


class HomeworkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers and the head: all of it. Families and pupils: what was published for the child."""
        theirs = learning(user).filter(school_class=OuterRef("school_class"))
        for_the_child = Q(Exists(theirs), is_for_all=True) | Q(Exists(theirs.filter(pupil__homework=OuterRef("pk"))))
        published = Q(removed_at=None, published_on__lte=timezone.localdate())
        staff = Q(school_class__in=SchoolClass.objects.families_open_to(user))
        return self.filter(staff | (published & for_the_child))

    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def due_between(self, first: date, last: date) -> Self:
        """Those of which a due day may fall there; which ones is computed (`weeks`)."""
        once, again = Q(recurrence="once", due_on__gte=first), Q(until__gte=first)
        return self.filter(once | again, due_on__lte=last)

    def to_tell(self, day: date) -> Self:
        """Published, still to do, and nobody was told."""
        still = Q(due_on__gte=day) | Q(until__gte=day)
        return self.standing().filter(still, published_on__lte=day, told_at=None)


class ProgressQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers and the head; the pupil and its guardians."""
        theirs = Q(homework__school_class__in=SchoolClass.objects.families_open_to(user))
        return self.filter(theirs | Q(pupil__in=learning(user).values("pupil")))
