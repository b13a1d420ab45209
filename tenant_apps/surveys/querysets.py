"""Which surveys: everything that shows them starts with `visible_to`. The town sees none."""

from collections.abc import Callable
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Guardianship, Pupil, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


def classes_asked_by(user: Any) -> Any:
    """Those that a teacher has, or all those of a head's school."""
    return SchoolClass.objects.families_open_to(user).select_related("school")


def children_answered_for(user: Any, survey: Any) -> Any:
    """The guardian's children in the classes asked, the eldest first."""
    enrolled = Enrollment.objects.on().filter(school_class__surveys=survey)
    rows = Pupil.objects.informing(user).filter(Exists(enrolled.filter(pupil=OuterRef("pk"))))
    return rows.select_related("person").order_by("person__birth_date", "pk")


def _children_of(user: Any) -> Any:
    return Enrollment.objects.on().filter(pupil__in=Guardianship.objects.informed().of(user).values("pupil"))


# Who is asked, by audience: what ties them to a class, today.
ASKED: dict[str, Callable[[Any], Any]] = {
    "guardian": _children_of,
    "pupil": lambda user: Enrollment.objects.on().filter(pupil__person__account=user),
    "teacher": lambda user: StaffAssignment.objects.of(user).on().of_the_school_staff(),
}


def _asked(audience: str, mine: Any) -> Q:
    return Q(Exists(mine.filter(school_class__surveys=OuterRef("pk"))), audience=audience)


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        mine = type(self)(self.model).followed_by(user).values("pk")
        asked = type(self)(self.model).asked_of(user).values("pk")
        return self.filter(Q(pk__in=mine) | Q(pk__in=asked))

    def followed_by(self, user: Any) -> Self:
        """One's own, drafts included; what was sent in the school that one heads."""
        return self.filter(Q(author=user) | (~Q(status="draft") & Q(school__in=School.objects.headed_by(user))))

    def asked_of(self, user: Any) -> Self:
        """What was sent to one's classes, or to those of one's children."""
        who = Q()
        for audience, mine in ASKED.items():
            who |= _asked(audience, mine(user))
        return self.filter(who).exclude(status="draft")

    def asked_as(self, user: Any, audience: str) -> Self:
        """Of these, under one audience."""
        return self.filter(_asked(audience, ASKED[audience](user))).exclude(status="draft")

    def open(self) -> Self:
        return self.filter(status="open", ends_on__gte=timezone.localdate())

    def unanswered_by(self, user: Any) -> Self:
        """Of one answered by child, as long as it misses a child of theirs."""
        ballots = apps.get_model("surveys", "Ballot").objects.filter(survey=OuterRef("pk"))
        own = Q(~Exists(ballots.filter(account=user, pupil=None)), once="person")
        enrolled = _children_of(user).filter(school_class__surveys=OuterRef("pk"))
        of_child = apps.get_model("surveys", "Ballot").objects.filter(
            survey=OuterRef(OuterRef("pk")), pupil=OuterRef("pupil")
        )
        return self.filter(own | Q(Exists(enrolled.filter(~Exists(of_child))), once="child"))
