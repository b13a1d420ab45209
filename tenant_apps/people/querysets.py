"""Rows start from the person's relations. Everything else that shows people asks these."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, Value
from django.utils import timezone

from core.text import sort_key
from tenant_apps.people.roles import IN_THEIR_CLASSES, MUNICIPAL, READING_NAMES, TEACHING, Role
from tenant_apps.schools.models import School, SchoolClass

MOST_WORDS = 5


class WordSimilarity(models.Func):
    """How much a word looks like the nearest stretch of a text, 0 to 1 (extension pg_trgm)."""

    function = "word_similarity"
    output_field = models.FloatField()


class IsNear(models.Func):
    """The same, over the threshold of the session, by the trigram index."""

    template = "%(expressions)s"
    arg_joiner = " %%> "
    output_field = models.BooleanField()


@contextmanager
def nearness() -> Iterator[None]:
    """« vidla » for « vidal » is 0.5 near; two letters out of six that differ, 0.4: less than PostgreSQL's 0.6."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The planner takes a comparison of trigrams for a cheap one, and would compare the whole town.
            cursor.execute(
                "SELECT set_config('pg_trgm.word_similarity_threshold', '0.4', true),"
                " set_config('enable_seqscan', 'off', true)"
            )
        yield


class SearchedQuerySet(models.QuerySet):
    """Rows about one person each, found by that person's name."""

    sort_name = "sort_name"  # where it is from here

    def named(self, text: str) -> Self:
        """Every word a beginning of a word of the name, without accents nor case."""
        return self.filter(_beginning_with(text, self.sort_name)).order_by(self.sort_name, "pk")

    def of_persons(self, persons: Any) -> Self:
        return self.filter(**{f"{self.sort_name.removesuffix('sort_name')}pk__in": list(persons)})

    def resembling(self, text: str) -> Self:
        """Names with a typing error in them, the nearest first; `named` finds those without. Within `nearness()`."""
        words = [Value(word) for word in sort_key(text).split()[:MOST_WORDS]]
        if not words:
            return self.none().annotate(nearness=Value(0.0))
        score = sum((WordSimilarity(word, self.sort_name) for word in words), start=Value(0.0))
        found = self.filter(*(IsNear(self.sort_name, word) for word in words))
        return found.annotate(nearness=score).order_by("-nearness", self.sort_name, "pk")


class DatedQuerySet(SearchedQuerySet):
    """Rows with `starts_on` and `ends_on` (excluded, empty while it lasts)."""

    def on(self, day: date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class StaffAssignmentQuerySet(DatedQuerySet):
    sort_name = "person__sort_name"

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

    def handing_over(self) -> Self:
        """For a whole school: its head, its canteen and childcare agents."""
        return self.filter(role__in={Role.HEAD, Role.CANTEEN_AGENT, Role.ACTIVITY_LEADER})

    def bound_to_a_class(self) -> Self:
        """Open one class, even though the assignment names the school too. An AESH who helps pupils of the school by
        name reads those, and no class.
        """
        pupils = (
            _model("Enrollment")
            .objects.on()
            .filter(pupil=OuterRef("pupil"), school_class__school=OuterRef(OuterRef("school")))
        )
        by_name = _model("PupilSupport").objects.on().filter(Exists(pupils), person=OuterRef("person"))
        opening = self.filter(role__in=IN_THEIR_CLASSES | READING_NAMES).exclude(school_class=None)
        return opening.exclude(Q(role=Role.SUPPORT_ASSISTANT) & Exists(by_name))

    def for_a_whole_school(self) -> Self:
        return self.filter(role__in=READING_NAMES | {Role.HEAD}, school_class=None).exclude(school=None)

    def for_the_whole_commune(self) -> Self:
        return self.filter(role=Role.SCHOOL_SERVICE, school=None, school_class=None)

    def visible_to(self, user: Any) -> Self:
        """Oneself; the staff of the schools where one works; for a family, the head and the teachers of the child."""
        of_my_schools = Q(school__in=School.objects.worked_in_by(user))
        officer = _model("StaffAssignment").objects.of(user).on().for_the_whole_commune()
        of_the_town = Q(Exists(officer), role__in=MUNICIPAL)
        family = _model("Enrollment").objects.on().of_family(user)
        of_my_children = Q(Exists(family.filter(school_class=OuterRef("school_class"))), role__in=IN_THEIR_CLASSES)
        head = Q(Exists(family.filter(school_class__school=OuterRef("school"))), role=Role.HEAD)
        return self.on().filter(Q(person__account=user) | of_my_schools | of_the_town | of_my_children | head)


class EnrollmentQuerySet(DatedQuerySet):
    sort_name = "pupil__person__sort_name"

    def of_family(self, user: Any) -> Self:
        """One's own, and those of one's children."""
        charge = _model("Guardianship").objects.current().of(user).filter(pupil=OuterRef("pupil"))
        return self.filter(Q(pupil__person__account=user) | Exists(charge))

    def of_groups(self, groups: Any) -> Self:
        """Of the children who are in one of these groups today."""
        members = _model("PupilGroupMember").objects.on().filter(group__in=groups)
        return self.filter(Exists(members.filter(pupil=OuterRef("pupil"))))

    def visible_to(self, user: Any) -> Self:
        mine = type(self)(self.model).of_family(user).values("pk")
        helped = _model("PupilSupport").objects.on().of(user).filter(pupil=OuterRef("pupil"))
        opened = Q(school_class__in=SchoolClass.objects.open_to(user))
        return self.on().filter(opened | Q(pk__in=mine) | Exists(helped))


class GuardianshipQuerySet(SearchedQuerySet):
    sort_name = "guardian__sort_name"

    def of(self, user: Any) -> Self:
        """This account's children. A head who sees as a parent sees those of her schools alone."""
        mine = self.filter(guardian__account=user)
        schools = getattr(user, "seen_by_schools", None)
        return mine if schools is None else mine.of_classes(SchoolClass.objects.filter(school__in=schools))

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
        return self.filter(_enrolled_in(classes))

    def visible_to(self, user: Any) -> Self:
        """One's own links; for the head and the class's teachers, those of their pupils. Not the other parent's."""
        mine = type(self)(self.model).of(user).values("pk")
        theirs = _enrolled_in(SchoolClass.objects.families_open_to(user))
        return self.current().filter(Q(pk__in=mine) | Q(theirs))


class PupilQuerySet(SearchedQuerySet):
    sort_name = "person__sort_name"

    def enrolled(self, day: date | None = None) -> Self:
        return self.filter(Exists(_model("Enrollment").objects.on(day).filter(pupil=OuterRef("pk"))))

    def visible_to(self, user: Any) -> Self:
        """Guardians: their children. Staff: those of the classes open to them, or helped by name. A pupil: itself."""
        charge = _model("Guardianship").objects.current().of(user).filter(pupil=OuterRef("pk"))
        helped = _model("PupilSupport").objects.on().of(user).filter(pupil=OuterRef("pk"))
        opened = self._in(SchoolClass.objects.open_to(user))
        return self.filter(Q(person__account=user) | Exists(charge) | opened | Exists(helped))

    def informing(self, user: Any) -> Self:
        """Children for whom this person gets what the school writes: their own, with the parental authority."""
        charge = _model("Guardianship").objects.informed().of(user).filter(pupil=OuterRef("pk"))
        return self.filter(Exists(charge))

    def collected_from(self, user: Any) -> Self:
        """Those whom this person hands over at the gate, and whose PAI flag they read: the head, the teachers of the
        class (substitute included), canteen and childcare agents of the school. Neither another class nor the town.
        """
        mine = _model("StaffAssignment").objects.of(user).on()
        enrolled = _model("Enrollment").objects.on().filter(pupil=OuterRef("pk"))
        in_class = enrolled.filter(Exists(mine.teaching().filter(school_class=OuterRef("school_class"))))
        in_school = mine.handing_over().filter(school=OuterRef("school_class__school"))
        in_school = in_school.filter(Q(school_class=None) | Q(school_class=OuterRef("school_class")))
        return self.filter(Exists(in_class) | Exists(enrolled.filter(Exists(in_school))))

    def families_open_to(self, user: Any) -> Self:
        """Those whose page (family, address, PAI flag) opens: to the head and the class's teachers."""
        return self.filter(self._in(SchoolClass.objects.families_open_to(user)))

    def with_collectors(self) -> Self:
        """Adds to each `collectors`, its guardians who come for it, and `told`, the other persons of the day."""
        links = _model("Guardianship").objects.current().filter(may_collect=True).select_related("guardian")
        others = _model("PickupPerson").objects.on()
        return self.select_related("person").prefetch_related(
            Prefetch("guardianships", links, to_attr="collectors"), Prefetch("pickups", others, to_attr="told")
        )

    def _in(self, classes: Any) -> Exists:
        enrolled = _model("Enrollment").objects.on().filter(school_class__in=classes)
        return Exists(enrolled.filter(pupil=OuterRef("pk")))


class PickupPersonQuerySet(DatedQuerySet):
    sort_name = "pupil__person__sort_name"

    def visible_to(self, user: Any) -> Self:
        """Who hands the child over, and its guardians with the authority. Not the town at large, nor other parents."""
        pupils = _model("Pupil").objects
        theirs = Q(pupil__in=pupils.collected_from(user)) | Q(pupil__in=pupils.informing(user))
        return self.filter(theirs)


class ServiceQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The school service keeps the list; the others know the one they work in."""
        mine = _model("StaffAssignment").objects.of(user).on()
        return self.filter(Exists(mine.for_the_whole_commune()) | Exists(mine.filter(service=OuterRef("pk"))))


class PersonQuerySet(SearchedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Oneself; the pupils one sees; the families and the colleagues that the assignments open."""
        pupils = _model("Pupil").objects.visible_to(user).values("person")
        adults = _model("Guardianship").objects.visible_to(user).values("guardian")
        staff = _model("StaffAssignment").objects.visible_to(user).values("person")
        return self.filter(Q(account=user) | Q(pk__in=pupils) | Q(pk__in=adults) | Q(pk__in=staff))


def _enrolled_in(classes: Any) -> Exists:
    """For rows about a pupil."""
    return Exists(_model("Enrollment").objects.on().filter(pupil=OuterRef("pupil"), school_class__in=classes))


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
