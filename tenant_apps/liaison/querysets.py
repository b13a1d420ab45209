"""Which notes: everything that shows notes starts with `visible_to`."""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.last_year import written_since
from tenant_apps.people.models import Enrollment, PupilGroup, PupilGroupMember, StaffAssignment
from tenant_apps.people.slots import slots_of
from tenant_apps.schools.models import SchoolClass, SchoolYear

PURPOSE = "liaison.note"


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "NoteQuerySet":
        """Guardians see what was sent to them for a child still in their charge; staff what was written in their
        classes or, for the head, in their school; a draft is its author's.
        """
        # Families read last year's until its date (`people.last_year`).
        kept = Q(published_at__date__gte=written_since())
        sent = ~Q(status="draft") & (kept & Q(Exists(_slots_of(user))) | self._of_staff(user))
        return self.filter(Q(author=user) | sent)

    def to_follow(self, user: Any) -> "NoteQuerySet":
        """Those of one's classes or school, drafts of one's own included."""
        return self.filter(Q(author=user) | (~Q(status="draft") & self._of_staff(user)))

    def _of_staff(self, user: Any) -> Q:
        mine = StaffAssignment.objects.of(user).on()
        teaching = mine.filter(role__in=StaffAssignment.TEACHING, school_class__in=OuterRef("classes"))
        heading = mine.filter(role=StaffAssignment.Role.HEAD, school=OuterRef("school"))
        in_my_classes = self.model._default_manager.filter(Exists(teaching)).values("pk")
        return Q(pk__in=in_my_classes) | Q(Exists(heading))

    def published(self) -> "NoteQuerySet":
        return self.filter(status="published")

    def of_this_year(self) -> "NoteQuerySet":
        """What may still be answered: last year's notes are only read."""
        year = SchoolYear.objects.current().values("starts_on")
        return self.filter(published_at__date__gte=Coalesce(Subquery(year), Value(date.min)))

    def archived(self) -> "NoteQuerySet":
        return self.filter(status="archived")

    def drafts(self) -> "NoteQuerySet":
        return self.filter(status="draft")

    def for_class(self, school_class: Any) -> "NoteQuerySet":
        return self.filter(classes=school_class)

    def with_progress(self) -> "NoteQuerySet":
        """Adds `children`, `children_signed` and `children_read`: numbers of children, by sub-queries."""
        slots = Slot.objects.filter(request__purpose=PURPOSE, request__object_id=OuterRef("pk"))
        return self.annotate(
            children=_children(slots),
            children_signed=_children(slots.filter(signed_at__isnull=False)),
            children_read=_children(slots.filter(Q(read_at__isnull=False) | Q(signed_at__isnull=False))),
        )

    def with_news_of(self, user: Any) -> "NoteQuerySet":
        """Adds `has_news`: whether somebody wrote about it what this person has not read."""
        replies = apps.get_model("liaison", "Reply").objects.visible_to(user).unread_by(user)
        return self.annotate(has_news=Exists(replies.filter(note=OuterRef("pk"))))

    def with_request(self) -> "NoteQuerySet":
        requests = SignatureRequest.objects.filter(purpose=PURPOSE, object_id=OuterRef("pk"))
        return self.annotate(request_id=Subquery(requests.values("pk")[:1]))


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ReplyQuerySet":
        """What has left and the head left there, and one's own."""
        is_read = Q(sent_at__isnull=False, withdrawn_at=None)
        return self._reaching(user).filter(is_read | Q(author=user))

    def as_read_by(self, user: Any) -> "ReplyQuerySet":
        """Threads as this person sees them. Adds `words`, nothing for the others once the head withdrew them, and
        `report`: what became of this person's own report, if they made one.
        """
        rows = self._reaching(user).filter(Q(sent_at__isnull=False) | Q(author=user))
        words = Case(
            When(Q(withdrawn_at=None) | Q(author=user), then=F("body")),
            default=Value(""),
            output_field=models.TextField(),
        )
        mine = apps.get_model("liaison", "ReplyReport").objects.filter(reply=OuterRef("pk"), reporter=user)
        return rows.defer("body").annotate(words=words, report=Subquery(mine.values("state")[:1]))

    def _reaching(self, user: Any) -> "ReplyQuerySet":
        """For the guardians who were sent the note for that child, still in their charge; for who follows the note and
        writes to the child's class.
        """
        sent_to = slots_visible_to(user).filter(request__object_id=OuterRef("note"), subject_id=OuterRef("pupil"))
        taught = Enrollment.objects.on().filter(pupil=OuterRef("pupil"), school_class__in=classes_written_to_by(user))
        notes = apps.get_model("liaison", "LiaisonNote").objects
        is_staff_s = Q(Exists(taught), note__in=notes.to_follow(user).values("pk"))
        return self.filter(Q(Exists(sent_to)) | is_staff_s)

    def unread_by(self, user: Any) -> "ReplyQuerySet":
        readings = apps.get_model("liaison", "ThreadReading").objects.filter(account=user)
        read = readings.filter(note=OuterRef("note"), pupil=OuterRef("pupil"), read_at__gte=OuterRef("sent_at"))
        return self.filter(~Exists(read), sent_at__isnull=False).exclude(author=user)

    def with_news_of(self, user: Any) -> "ReplyQuerySet":
        """Adds `is_news`: whether this person has not read it."""
        replies: Any = self.model._default_manager
        return self.annotate(is_news=Exists(replies.unread_by(user).filter(pk=OuterRef("pk"))))


def slots_visible_to(user: Any) -> models.QuerySet:
    """The signature slots of notes that are this guardian's, for children still in their charge."""
    return slots_of(user).filter(request__purpose=PURPOSE)


def classes_written_to_by(user: Any) -> models.QuerySet:
    """The current classes a teacher has, or all those of a head's school."""
    mine = StaffAssignment.objects.of(user).on()
    teaching = mine.filter(role__in=StaffAssignment.TEACHING, school_class=OuterRef("pk"))
    heading = mine.filter(role=StaffAssignment.Role.HEAD, school=OuterRef("school"))
    return SchoolClass.objects.current().filter(Exists(teaching) | Exists(heading)).select_related("school")


def groups_written_to_by(user: Any) -> models.QuerySet:
    """Groups with a child in a class that this person writes to. Leading a group opens no family of another class."""
    members = PupilGroupMember.objects.on().filter(group=OuterRef("pk"))
    taught = Enrollment.objects.on().filter(pupil=OuterRef("pupil"), school_class__in=classes_written_to_by(user))
    groups = PupilGroup.objects.on().filter(pk__in=PupilGroup.objects.visible_to(user).values("pk"))
    return groups.filter(Exists(members.filter(Exists(taught))))


def classes_of_group(user: Any, group: Any) -> models.QuerySet:
    """Of those that this person writes to, the classes with a child of the group."""
    placed = Enrollment.objects.on().of_groups([group]).filter(school_class=OuterRef("pk"))
    return classes_written_to_by(user).filter(Exists(placed), school=group.school_id)


def _slots_of(user: Any) -> models.QuerySet:
    return slots_visible_to(user).filter(request__object_id=OuterRef("pk"))


def _children(slots: models.QuerySet) -> Coalesce:
    # order_by() drops the default ordering, which would split the group.
    counted = slots.order_by().values("request_id").annotate(n=models.Count("subject_id", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)
