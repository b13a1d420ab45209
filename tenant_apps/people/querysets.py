"""Rows start from the person's relations. Everything else that shows people asks these."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (excluded, empty while it lasts)."""

    def on(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class PersonQuerySet(models.QuerySet):
    def named(self, text: str) -> Self:
        """Search without accents nor case, every word a beginning of a word of the name."""
        from core.text import sort_key

        found = self
        for word in sort_key(text).split():
            found = found.filter(Q(sort_name__startswith=word) | Q(sort_name__contains=f" {word}"))
        return found


class StaffAssignmentQuerySet(DatedQuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(person__account=user)

    def covering(self, school: OuterRef, school_class: OuterRef, roles: Any) -> Self:
        """Assignments that open a class: to the class itself, to the whole school, or to the commune."""
        in_class = Q(school_class=school_class)
        in_school = Q(school_class=None, school=school)
        in_commune = Q(school_class=None, school=None)
        return self.filter(in_class | in_school | in_commune, role__in=roles)


class GuardianshipQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))

    def informed(self) -> Self:
        """Those who get what the school writes: both holders of the parental authority, alike."""
        return self.current().filter(has_parental_authority=True)


class PupilQuerySet(models.QuerySet):
    def enrolled(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(
            Q(enrollments__ends_on=None) | Q(enrollments__ends_on__gt=day), enrollments__starts_on__lte=day
        ).distinct()

    def visible_to(self, user: Any) -> Self:
        """Guardians: their children. Staff: the pupils of the classes open to them. A pupil: itself."""
        from tenant_apps.people.models import Enrollment, Guardianship

        charge = Guardianship.objects.current().filter(guardian__account=user, pupil=OuterRef("pk"))
        enrolled = Enrollment.objects.on().filter(pupil=OuterRef("pk"), school_class__in=classes_open_to(user))
        return self.filter(Q(person__account=user) | Exists(charge) | Exists(enrolled))


def classes_open_to(user: Any) -> models.QuerySet:
    """The classes whose list of pupils a member of staff may read: names and classes, nothing more for the town."""
    from tenant_apps.people.models import StaffAssignment
    from tenant_apps.schools.models import SchoolClass

    staff = StaffAssignment.objects.of(user).on()
    roles = [role for role in StaffAssignment.Role if role != StaffAssignment.Role.ELECTED]
    return SchoolClass.objects.current().filter(
        Exists(staff.covering(OuterRef("school"), OuterRef("pk"), roles).exclude(TEACHES_ELSEWHERE))
    )


# A teacher of one class doesn't read the others because their assignment also names the school.
TEACHES_ELSEWHERE = Q(role__in=["teacher", "substitute", "support_assistant"], school_class=None)
