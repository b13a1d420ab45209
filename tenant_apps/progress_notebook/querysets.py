"""Which observations, notebooks, editions: everything that shows one starts with `visible_to`. The town sees none."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.progress_notebook.domains import GRADES
from tenant_apps.schools.models import School, SchoolClass, SchoolYear

PURPOSE = "progress_notebook.edition"


def nursery_classes(user: Any) -> Any:
    """Of those whose families one may know, the classes that have pupils of cycle 1."""
    young = Enrollment.objects.on().filter(grade__in=GRADES).values("school_class")
    return SchoolClass.objects.families_open_to(user).filter(pk__in=young)


def followed_by(user: Any) -> Any:
    """Pupils of cycle 1 whose teacher or head one is today: the notebook goes with the child from class to class."""
    rows = Enrollment.objects.on().filter(grade__in=GRADES)
    return rows.filter(school_class__in=SchoolClass.objects.families_open_to(user)).values("pupil")


def _of_the_family(user: Any, pupil: str) -> Q:
    return Q(**{f"{pupil}__person__account": user}) | Q(**{f"{pupil}__in": Pupil.objects.informing(user)})


class PeriodQuerySet(models.QuerySet):
    def of_this_year(self) -> Self:
        return self.filter(year__in=SchoolYear.objects.current().values("pk"))

    def headed_by(self, user: Any) -> Self:
        return self.filter(school__in=School.objects.headed_by(user))

    def visible_to(self, user: Any) -> Self:
        """Of the schools where one has a class of cycle 1; families meet periods through their editions."""
        return self.filter(
            Q(school__in=nursery_classes(user).values("school")) | Q(pk__in=type(self)(self.model).headed_by(user))
        )


class ObservationQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(removed_at=None)

    def shared(self) -> Self:
        return self.standing().filter(shared_at__isnull=False)

    def seen_between(self, first: date, last: date) -> Self:
        return self.filter(seen_on__gte=first, seen_on__lte=last)

    def visible_to(self, user: Any) -> Self:
        """Who teaches the child today and the head: all. The child and its guardians: what is shared."""
        shared = _of_the_family(user, "pupil") & Q(removed_at=None, shared_at__isnull=False)
        return self.filter(Q(pupil__in=followed_by(user)) | shared)


class NotebookQuerySet(models.QuerySet):
    def validated(self) -> Self:
        return self.exclude(validated_at=None)

    def visible_to(self, user: Any) -> Self:
        """What is being written: who teaches the child today and the head. Families read its editions."""
        return self.filter(pupil__in=followed_by(user))


class EditionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The child and its guardians with the authority, for ever; who teaches it in cycle 1. Afterwards, the summary
        alone goes on to the elementary school (arrêté du 31 décembre 2015).
        """
        pupils = Pupil.objects.families_open_to(user)
        after = Q(notebook__period__kind="summary", notebook__pupil__in=pupils)
        family = _of_the_family(user, "notebook__pupil")
        return self.filter(Q(notebook__pupil__in=followed_by(user)) | after | family)

    def last_ones(self) -> Self:
        """Of each notebook, the last version."""
        return self.filter(pk__in=self.order_by("notebook_id", "-number").distinct("notebook_id").values("pk"))

    def holding(self, file_id: Any) -> Self:
        return self.filter(content__files__contains=[str(file_id)])
