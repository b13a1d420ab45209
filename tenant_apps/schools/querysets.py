"""Which schools and classes. Assignments and families are of `people`, the storey above: reached by their names."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

GRADES = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")


class SchoolQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def headed_by(self, user: Any) -> Self:
        return self.filter(Exists(_assignments(user).heading().filter(school=OuterRef("pk"))))

    def worked_in_by(self, user: Any) -> Self:
        """Those of one's assignments of the day; the school service of the town works in all."""
        mine = _assignments(user)
        return self.filter(Exists(mine.filter(school=OuterRef("pk"))) | Exists(mine.for_the_whole_commune()))

    def visible_to(self, user: Any) -> Self:
        """Staff: where they work. Families: the schools of their children. A pupil: its own."""
        family = _enrollments_of_family(user).filter(school_class__school=OuterRef("pk"))
        return self.filter(Q(pk__in=type(self)(self.model).worked_in_by(user).values("pk")) | Exists(family))


class SchoolYearQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The calendar of the commune hides nothing from those who have a place in it."""
        return self.filter(Exists(apps.get_model("schools", "School").objects.visible_to(user)))

    def current(self, on: date | None = None) -> Self:
        """The year of a day; when it has none (a commune opened in August), the one that comes."""
        day = on or timezone.localdate()
        return self.filter(ends_on__gte=day).order_by("starts_on")[:1]


class SchoolClassQuerySet(models.QuerySet):
    def current(self, on: date | None = None) -> Self:
        return self.filter(year__in=apps.get_model("schools", "SchoolYear").objects.current(on).values("pk"))

    def taught_by(self, user: Any) -> Self:
        """The classes that a teacher or a substitute has today."""
        return self.current().filter(Exists(_assignments(user).teaching().filter(school_class=OuterRef("pk"))))

    def bound_to(self, user: Any) -> Self:
        """« Ma classe »: those of the teachers, and of the AESH."""
        mine = _assignments(user).of_the_school_staff()
        return self.current().filter(Exists(mine.filter(school_class=OuterRef("pk"))))

    def open_to(self, user: Any) -> Self:
        """Those whose list of names a member of staff may read today.

        Teachers, substitutes: their classes. AESH too, unless they help pupils by name: those alone. The head: the
        school. The town's staff: the classes of their schools (the names and the class, nothing more); elected members
        none.
        """
        mine = _assignments(user)
        in_class = mine.bound_to_a_class().filter(school_class=OuterRef("pk"))
        in_school = mine.for_a_whole_school().filter(school=OuterRef("school"))
        return self.current().filter(Exists(in_class) | Exists(in_school) | Exists(mine.for_the_whole_commune()))

    def families_open_to(self, user: Any) -> Self:
        """Those whose families one may know: the teachers of the class, the head of the school."""
        mine = _assignments(user)
        teaching = mine.teaching().filter(school_class=OuterRef("pk"))
        heading = mine.heading().filter(school=OuterRef("school"))
        return self.current().filter(Exists(teaching) | Exists(heading))

    def visible_to(self, user: Any) -> Self:
        """What staff may open, and the classes of one's children or one's own."""
        family = _enrollments_of_family(user).filter(school_class=OuterRef("pk"))
        inspected = Exists(_assignments(user).inspecting().filter(school=OuterRef("school")))
        opened = Q(pk__in=type(self)(self.model).open_to(user).values("pk"))
        opened |= Q(pk__in=type(self)(self.model).bound_to(user).values("pk"))
        return self.current().filter(opened | inspected | Exists(family))

    def with_pupil_count(self) -> Self:
        """Adds `pupils`: those enrolled today."""
        enrolled = apps.get_model("people", "Enrollment").objects.on().filter(school_class=OuterRef("pk"))
        # order_by() drops the default ordering, which would split the group.
        counted = enrolled.order_by().values("school_class").annotate(n=models.Count("pk")).values("n")
        number = models.Subquery(counted, output_field=models.IntegerField())
        return self.annotate(pupils=Coalesce(number, 0))

    def by_grade(self) -> Self:
        """From the youngest pupils to the oldest; a class still empty comes last."""
        enrolled = apps.get_model("people", "Enrollment").objects.on().filter(school_class=OuterRef("pk"))
        ages = [models.When(grade=grade, then=rank) for rank, grade in enumerate(GRADES)]
        youngest = enrolled.order_by().values("school_class").annotate(rank=models.Min(models.Case(*ages)))
        rank = models.Subquery(youngest.values("rank"), output_field=models.IntegerField())
        return self.annotate(rank=rank).order_by(models.F("rank").asc(nulls_last=True), "label", "pk")


def _assignments(user: Any) -> Any:
    return apps.get_model("people", "StaffAssignment").objects.of(user).on()


def _enrollments_of_family(user: Any) -> Any:
    return apps.get_model("people", "Enrollment").objects.on().of_family(user)
