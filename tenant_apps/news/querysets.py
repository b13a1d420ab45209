"""Which news: everything that shows them starts with `visible_to`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull
from django.utils import timezone

from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES, MOVING, MUNICIPAL, Role
from tenant_apps.schools.models import School, SchoolClass

# What ties a person to the place of a reach, by profile: conditions inside a query of `Reach`.


def _enrolled(**children: Any) -> Q:
    """In the school of the reach, and in its class if it names one."""
    here = Enrollment.objects.on().filter(school_class__school=OuterRef("school"), **children)
    return Q(Exists(here.filter(Q(school_class=OuterRef("school_class")) | Q(IsNull(OuterRef("school_class"), True)))))


def _as_guardian(user: Any) -> Q:
    return _enrolled(pupil__in=Guardianship.objects.informed().of(user).values("pupil"))


def _as_pupil(user: Any) -> Q:
    return _enrolled(pupil__person__account=user)


def _as_teacher(user: Any) -> Q:
    """And those who go from school to school."""
    here = _staff(user, IN_THEIR_CLASSES | MOVING).filter(school=OuterRef("school"))
    return Q(Exists(here.filter(Q(school_class=OuterRef("school_class")) | Q(IsNull(OuterRef("school_class"), True)))))


def _as_head(user: Any) -> Q:
    return Q(Exists(_staff(user, {Role.HEAD}).filter(school=OuterRef("school"))))


def _as_municipal(user: Any) -> Q:
    """The school's, never a class's: the town sees no pedagogy."""
    mine = _staff(user, MUNICIPAL)
    return Q(Exists(mine.filter(Q(school=OuterRef("school")) | Q(school=None))), school_class=None)


TIES: dict[str, Callable[[Any], Q]] = {
    "guardian": _as_guardian,
    "pupil": _as_pupil,
    "teacher": _as_teacher,
    "head": _as_head,
    "municipal": _as_municipal,
}
READER_OF_PROFILE = {"moving": "teacher"}  # profiles that read as another one
READERS = TIES.keys() | READER_OF_PROFILE.keys()


def _staff(user: Any, roles: Any) -> Any:
    return StaffAssignment.objects.of(user).on().filter(role__in=sorted(roles))


def serves_the_town(user: Any) -> bool:
    return StaffAssignment.objects.of(user).on().for_the_whole_commune().exists()


class ThreadQuerySet(models.QuerySet):
    def kept_by(self, user: Any) -> Self:
        """The head's school, and the town's for its school service."""
        serving = StaffAssignment.objects.of(user).on().for_the_whole_commune()
        return self.filter(Q(school__in=School.objects.headed_by(user)) | Q(Exists(serving), school=None))

    def written_in_by(self, user: Any) -> Self:
        teaching = SchoolClass.objects.taught_by(user).filter(school=OuterRef("school"))
        mine = type(self)(self.model).kept_by(user).values("pk")
        return self.filter(Q(pk__in=mine) | Q(Exists(teaching), is_open_to_teachers=True)).select_related("school")


class ReachQuerySet(models.QuerySet):
    def read_as(self, user: Any, profile: str) -> Self:
        return self.filter(TIES[profile](user), state="open")

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def decided_by_head(self, user: Any) -> Self:
        """The town's word in the schools that one heads."""
        return self.filter(post__school=None, school__in=School.objects.headed_by(user))


class PostQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """What reaches one, under any of one's profiles; what one wrote; what one keeps or must decide on."""
        read = Q()
        for profile in TIES:
            read |= self._meant_for(user, profile)
        mine = type(self)(self.model).kept_by(user).values("pk")
        asked = _reaches().decided_by_head(user).filter(post=OuterRef("pk"))
        live = type(self)(self.model).live().filter(read).values("pk")
        return self.filter(Q(pk__in=live) | Q(pk__in=mine) | (~Q(status="draft") & Q(Exists(asked))))

    def read_as(self, user: Any, profile: str, now: datetime | None = None) -> Self:
        """What a page shows to a reader under one profile."""
        profile = READER_OF_PROFILE.get(profile, profile)
        if profile not in TIES:
            return self.none()
        return self.live(now).filter(self._meant_for(user, profile))

    def _meant_for(self, user: Any, profile: str) -> Q:
        here = _reaches().read_as(user, profile).filter(post=OuterRef("pk"))
        of_thread = Q(thread=None) | Q(thread__readers__contains=[profile])
        return Q(Exists(here), of_thread, readers__contains=[profile])

    def live(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), status="published", starts_at__lte=now)

    def kept_by(self, user: Any) -> Self:
        """One's own, drafts included; those of the school one heads, the town's for its school service."""
        serving = StaffAssignment.objects.of(user).on().for_the_whole_commune()
        keeping = Q(school__in=School.objects.headed_by(user)) | Q(Exists(serving), school=None)
        return self.filter(Q(author=user) | (~Q(status="draft") & keeping))

    def news(self) -> Self:
        return self.filter(kind="news")

    def flashes(self) -> Self:
        return self.filter(kind="flash")

    def unread_by(self, user: Any) -> Self:
        readings = apps.get_model("news", "Reading").objects.filter(account=user, post=OuterRef("pk"))
        return self.filter(~Exists(readings))

    def with_facts(self) -> Self:
        return self.with_classes().select_related("thread", "school", "author")

    def with_classes(self) -> Self:
        """The labels of the classes it is for, when it is not for a whole school."""
        classes = _reaches().filter(post=OuterRef("pk"), school_class__isnull=False).order_by("school_class__label")
        labels = ArraySubquery(classes.values("school_class__label"))
        return self.annotate(classes=labels)


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """What was shown under a piece of news that one sees; one's own; those one must read again."""
        posts = apps.get_model("news", "Post").objects
        shown = Q(state="shown", post__in=posts.visible_to(user))
        return self.filter(shown | Q(author=user) | Q(post__in=posts.kept_by(user)))

    def waiting(self) -> Self:
        return self.filter(state="waiting")


def _reaches() -> Any:
    return apps.get_model("news", "Reach").objects
