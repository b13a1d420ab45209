"""Which homework, and what was made of it: everything that shows them starts with `visible_to`. The town sees none."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Pupil, PupilGroup, PupilGroupMember
from tenant_apps.schools.models import SchoolClass, SchoolYear


def learning(user: Any) -> Any:
    """Today's enrolments of one's own and of the children for whom one gets what the school writes."""
    mine = Q(pupil__person__account=user) | Q(pupil__in=Pupil.objects.informing(user))
    return Enrollment.objects.on().filter(mine)


def concerned(homework: Any) -> Any:
    """Today's enrolments of the class or the group, or of those of them for whom the homework is."""
    rows = enrolled_at(homework)
    return rows if homework.is_for_all else rows.filter(pupil__homework=homework)


def enrolled_at(homework: Any) -> Any:
    """Today's enrolments of the class or the group, whoever the homework is for."""
    rows = Enrollment.objects.on()
    if homework.group_id is None:
        return rows.filter(school_class=homework.school_class_id)
    return rows.of_groups([homework.group_id])


def groups_kept_by(user: Any) -> Any:
    """The groups of the year whose diary one reads whole: one is in charge, or heads the school."""
    return PupilGroup.objects.kept_by(user).filter(year__in=SchoolYear.objects.current().values("pk"))


def places_of(classes: Mapping[Any, Any]) -> dict[Any, set[Any]]:
    """Child → its class (`classes`) and the groups where it is today. One query."""
    found: dict[Any, set[Any]] = defaultdict(set)
    for pupil, school_class in classes.items():
        found[pupil].add(school_class)
    rows = PupilGroupMember.objects.lasting().filter(pupil__in=list(classes))
    for pupil, group in rows.values_list("pupil_id", "group_id"):
        found[pupil].add(group)
    return found


class HomeworkQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The class's teachers, who keeps the group, the head: all of it. Families and pupils: what was published for
        the child; and so the teachers of its class, for what a group gives it.
        """
        mine = learning(user)
        in_class = mine.filter(school_class=OuterRef("school_class"))
        taught = Enrollment.objects.on().filter(school_class__in=SchoolClass.objects.families_open_to(user))
        in_group = PupilGroupMember.objects.lasting().filter(group=OuterRef("group"))
        in_group = in_group.filter(Q(pupil__in=mine.values("pupil")) | Q(pupil__in=taught.values("pupil")))
        everybody = Q(Exists(in_class)) | Q(Exists(in_group))
        named = Q(Exists(in_class.filter(pupil__homework=OuterRef("pk"))))
        named |= Q(Exists(in_group.filter(pupil__homework=OuterRef("pk"))))
        published = Q(removed_at=None, published_on__lte=timezone.localdate())
        staff = Q(school_class__in=SchoolClass.objects.families_open_to(user)) | Q(group__in=groups_kept_by(user))
        return self.filter(staff | (published & ((Q(is_for_all=True) & everybody) | named)))

    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def given_at(self, places: Any) -> Self:
        """In these classes and groups (ids)."""
        return self.filter(Q(school_class__in=places) | Q(group__in=places))

    def of_classes(self, classes: Any) -> Self:
        """Given in these classes, or in a group where a child of theirs is today."""
        children = Enrollment.objects.on().filter(school_class__in=classes)
        groups = PupilGroupMember.objects.lasting().filter(pupil__in=children.values("pupil"))
        return self.filter(Q(school_class__in=classes) | Q(group__in=groups.values("group")))

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
        """The teachers of the child's class, who keeps the group, the head; the pupil and its guardians."""
        families = SchoolClass.objects.families_open_to(user)
        taught = Enrollment.objects.on().filter(school_class__in=families).values("pupil")
        of_a_group = Q(homework__group__in=groups_kept_by(user)) | Q(homework__school_class=None, pupil__in=taught)
        theirs = Q(homework__school_class__in=families) | of_a_group
        return self.filter(theirs | Q(pupil__in=learning(user).values("pupil")))
