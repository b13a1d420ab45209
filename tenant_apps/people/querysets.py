"""Rows start from the person's relations. Everything else that shows people asks these."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.text import sort_key
from tenant_apps.people.roles import IN_THEIR_CLASSES, READING_NAMES, TEACHING, Role
from tenant_apps.schools.models import School, SchoolClass


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (excluded, empty while it lasts)."""

    def on(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class StaffAssignmentQuerySet(DatedQuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(person__account=user)

    def heading(self) -> Self:
        return self.filter(role=Role.HEAD)

    def inspecting(self) -> Self:
        return self.filter(role=Role.IEN)

    def teaching(self) -> Self:
        return self.filter(role__in=TEACHING)

    def of_the_school_staff(self) -> Self:
        return self.filter(role__in=IN_THEIR_CLASSES)

    def bound_to_a_class(self) -> Self:
        """Open one class, even though the assignment names the school too."""
        return self.filter(role__in=IN_THEIR_CLASSES | READING_NAMES).exclude(school_class=None)

    def for_a_whole_school(self) -> Self:
        return self.filter(role__in=READING_NAMES | {Role.HEAD}, school_class=None).exclude(school=None)

    def for_the_whole_commune(self) -> Self:
        return self.filter(role=Role.SCHOOL_SERVICE, school=None, school_class=None)

    def visible_to(self, user: Any) -> Self:
        """Oneself; the staff of the schools where one works; for a family, the head and the teachers of the child."""
        of_my_schools = Q(school__in=School.objects.worked_in_by(user))
        family = _model("Enrollment").objects.on().of_family(user)
        of_my_children = Q(Exists(family.filter(school_class=OuterRef("school_class"))), role__in=IN_THEIR_CLASSES)
        head = Q(Exists(family.filter(school_class__school=OuterRef("school"))), role=Role.HEAD)
        return self.on().filter(Q(person__account=user) | of_my_schools | of_my_children | head)


class EnrollmentQuerySet(DatedQuerySet):
    def of_family(self, user: Any) -> Self:
        """One's own, and those of one's children."""
        charge = _model("Guardianship").objects.current().filter(guardian__account=user, pupil=OuterRef("pupil"))
        return self.filter(Q(pupil__person__account=user) | Exists(charge))

    def visible_to(self, user: Any) -> Self:
        mine = type(self)(self.model).of_family(user).values("pk")
        return self.on().filter(Q(school_class__in=SchoolClass.objects.open_to(user)) | Q(pk__in=mine))


class GuardianshipQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))

    def of_lasting_enrollments(self) -> Self:
        """Of a child who has not left: enrolled today, or to come."""
        lasting = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())
        return self.filter(Exists(_model("Enrollment").objects.filter(lasting, pupil=OuterRef("pupil"))))

    def informed(self) -> Self:
        """Those who get what the school writes: both holders of the parental authority, alike."""
        return self.current().filter(has_parental_authority=True)

    def of_classes(self, classes: Any) -> Self:
        enrolled = _model("Enrollment").objects.on().filter(pupil=OuterRef("pupil"), school_class__in=classes)
        return self.filter(Exists(enrolled))

    def visible_to(self, user: Any) -> Self:
        """One's own links; for the head and the class's teachers, those of their pupils. Not the other parent's."""
        families = type(self)(self.model).of_classes(SchoolClass.objects.families_open_to(user))
        return self.current().filter(Q(guardian__account=user) | Q(pk__in=families.values("pk")))


class PupilQuerySet(models.QuerySet):
    def enrolled(self, day: date | None = None) -> Self:
        return self.filter(Exists(_model("Enrollment").objects.on(day).filter(pupil=OuterRef("pk"))))

    def visible_to(self, user: Any) -> Self:
        """Guardians: their children. Staff: the pupils of the classes open to them. A pupil: itself."""
        charge = _model("Guardianship").objects.current().filter(guardian__account=user, pupil=OuterRef("pk"))
        return self.filter(Q(person__account=user) | Exists(charge) | self._in(SchoolClass.objects.open_to(user)))

    def informing(self, user: Any) -> Self:
        """Children for whom this person gets what the school writes: their own, with the parental authority."""
        charge = _model("Guardianship").objects.informed().filter(guardian__account=user, pupil=OuterRef("pk"))
        return self.filter(Exists(charge))

    def families_open_to(self, user: Any) -> Self:
        """Those whose page (family, address, PAI flag) opens: to the head and the class's teachers."""
        return self.filter(self._in(SchoolClass.objects.families_open_to(user)))

    def named(self, text: str) -> Self:
        return self.filter(_beginning_with(text, "person__sort_name"))

    def _in(self, classes: Any) -> Exists:
        enrolled = _model("Enrollment").objects.on().filter(school_class__in=classes)
        return Exists(enrolled.filter(pupil=OuterRef("pk")))


class PersonQuerySet(models.QuerySet):
    def named(self, text: str) -> Self:
        return self.filter(_beginning_with(text, "sort_name"))

    def visible_to(self, user: Any) -> Self:
        """Oneself; the pupils one sees; the families and the colleagues that the assignments open."""
        pupils = _model("Pupil").objects.visible_to(user).values("person")
        adults = _model("Guardianship").objects.visible_to(user).values("guardian")
        staff = _model("StaffAssignment").objects.visible_to(user).values("person")
        return self.filter(Q(account=user) | Q(pk__in=pupils) | Q(pk__in=adults) | Q(pk__in=staff))


def _model(name: str) -> Any:
    return apps.get_model("people", name)


def _beginning_with(text: str, field: str) -> Q:
    """Search without accents nor case, every word a beginning of a word of the name; no word finds nobody."""
    words = sort_key(text).split()
    if not words:
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
    return found
