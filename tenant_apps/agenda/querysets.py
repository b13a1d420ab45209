"""Which dates: everything that shows the agenda starts with `visible_to`."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.registry import AgendaAsk
from tenant_apps.people.models import Enrollment, Pupil, PupilGroup, PupilGroupMember, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass


def family_enrollments(user: Any) -> Any:
    """Today's, of the children whose school writes to this account; a pupil's own."""
    mine = Q(pupil__person__account=user) | Q(pupil__in=Pupil.objects.informing(user))
    return Enrollment.objects.on().filter(mine)


def classes_read_by(user: Any) -> Any:
    """Those whose dates one reads: of one's classes or school, of one's children. Not the town."""
    working = StaffAssignment.objects.of(user).on().of_the_school_staff().filter(school_class=OuterRef("pk"))
    knowing = Q(pk__in=SchoolClass.objects.families_open_to(user).values("pk"))
    family = Exists(family_enrollments(user).filter(school_class=OuterRef("pk")))
    return SchoolClass.objects.current().filter(knowing | Exists(working) | family)


def classes_written_by(user: Any) -> Any:
    """A teacher's, and those of the head's school."""
    return SchoolClass.objects.families_open_to(user).select_related("school")


def groups_kept_by(user: Any) -> Any:
    """Those whose dates one writes: one is in charge of the group, or heads its school."""
    return PupilGroup.objects.on().kept_by(user).select_related("school")


def groups_read_by(user: Any) -> Any:
    """Who keeps the group; the families of its children, and the teachers of their classes. Not the town."""
    taught = Enrollment.objects.on().filter(school_class__in=SchoolClass.objects.families_open_to(user))
    near = Q(pupil__in=family_enrollments(user).values("pupil")) | Q(pupil__in=taught.values("pupil"))
    members = PupilGroupMember.objects.lasting().filter(near, group=OuterRef("pk"))
    kept = Q(pk__in=PupilGroup.objects.kept_by(user).values("pk"))
    return PupilGroup.objects.filter(kept | Q(Exists(members)))


def members_among(ask: AgendaAsk) -> Any:
    """Of the groups that last: the children asked for, those of the classes of staff."""
    classes = ask.classes - frozenset(ask.pupils.values())
    taught = Enrollment.objects.on().filter(school_class__in=classes).values("pupil")
    return PupilGroupMember.objects.lasting().filter(Q(pupil__in=list(ask.pupils)) | Q(pupil__in=taught))


class EventQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The commune’s: who has a place in it. A school’s: who works or has a child there. A class’s, a group’s: not
        the town.
        """
        schools = School.objects.visible_to(user)
        commune = Q(Exists(schools), school=None)
        school = Q(school__in=schools, school_class=None, group=None)
        some = Q(school_class__in=classes_read_by(user)) | Q(group__in=groups_read_by(user).values("pk"))
        return self.filter(commune | school | some)

    def between(self, first: date, last: date) -> Self:
        once = Q(until=None, ends_on__gte=first)
        return self.filter(once | Q(until__gte=first), starts_on__lte=last)

    def meant_for(self, ask: AgendaAsk) -> Self:
        """Of the children and classes asked for, of their groups, of their schools and of the commune; of the groups of
        which one is in charge; all that one sees when no class is asked for.
        """
        if not ask.classes:
            return self
        schools = SchoolClass.objects.filter(pk__in=ask.classes).values("school")
        of_school = Q(school_class=None, group=None) & (Q(school=None) | Q(school__in=schools))
        groups = Q(group__in=members_among(ask).values("group"))
        groups |= Q(group__in=PupilGroup.objects.on().led_by(ask.user).values("pk"))
        return self.filter(of_school | Q(school_class__in=ask.classes) | groups)


class LessonQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(school_class__in=classes_read_by(user))


class SlotQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who receives; the guardians of the class."""
        family = Enrollment.objects.on().filter(pupil__in=Pupil.objects.informing(user))
        return self.filter(Q(host=user) | Q(Exists(family.filter(school_class=OuterRef("school_class")))))

    def to_come(self) -> Self:
        return self.filter(closed_at=None, starts_at__gt=timezone.now())

    def free(self) -> Self:
        standing = apps.get_model("agenda", "Booking").objects.standing()
        return self.to_come().filter(~Exists(standing.filter(slot=OuterRef("pk"))))


class BookingQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who made it, and who receives. Not the other parent."""
        return self.filter(Q(guardian=user) | Q(slot__host=user))

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_come(self) -> Self:
        return self.filter(slot__starts_at__gt=timezone.now())

    def with_facts(self) -> Self:
        return self.select_related("slot__host__person", "slot__school_class", "pupil__person", "guardian")
