"""Which requests and which accesses: from the relations of the day, as everywhere."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shared_apps.support.vocabulary import (
    OPEN,
    REOPENS_WITHIN,
    SCHOOL_STAFF,
    UNANSWERED_FOR,
    AccessState,
    Level,
    Scope,
    State,
)
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.people.roles import MUNICIPAL, Role
from tenant_apps.schools.models import School, SchoolClass


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own, and those that one answers."""
        return self.filter(Q(author=user) | self._handled(user))

    def handled_by(self, user: Any) -> Self:
        """The head: those of the school. The ERUN: those of its staff, never a family's. The school service: the
        town's. A teacher: the problems of the pupils of the class. Nobody handles their own.
        """
        return self.filter(self._handled(user)).exclude(author=user)

    def _handled(self, user: Any) -> Q:
        mine = StaffAssignment.objects.of(user).on()
        heads = Q(Exists(mine.heading().filter(school=OuterRef("school"))))
        helps = Q(Exists(mine.filter(role=Role.ERUN, school=OuterRef("school"))), profile__in=SCHOOL_STAFF)
        serves = Q(Exists(mine.for_the_whole_commune()), scope=Scope.TOWN)
        pupils = Enrollment.objects.on().filter(school_class__in=SchoolClass.objects.taught_by(user))
        teaches = Q(Exists(pupils.filter(pupil__person__account=OuterRef("author"))))
        adults = Q(scope=Scope.SCHOOL) & (heads | helps) | serves
        return Q(level=Level.CLASS) & teaches | ~Q(level=Level.CLASS) & adults

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def of_place(self, scope: str, school: School | None) -> Self:
        return self.filter(scope=scope, school=school)

    def at_the_academy(self) -> Self:
        return self.filter(level=Level.ACADEMY)

    def readable_by_the_academy(self) -> Self:
        return self.at_the_academy().filter(readable_until__gt=timezone.now())

    def to_close(self) -> Self:
        return self.filter(state=State.SOLVED, solved_at__lt=timezone.now() - REOPENS_WITHIN)


class TicketMessageQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(ticket__in=apps.get_model("support", "Ticket").objects.visible_to(user))

    def opened_to(self, account: Any) -> Self:
        """Of the request for which an access that runs was asked."""
        running = apps.get_model("support", "SupportAccess").objects.running().filter(account=account)
        return self.filter(ticket__level=Level.ACADEMY, ticket__in=running.values("ticket"))


class SupportAccessQuerySet(models.QuerySet):
    def decided_by(self, user: Any) -> Self:
        """A head for the data of the school, the officer of the school service for the town's: nobody for both."""
        mine = StaffAssignment.objects.of(user).on()
        heads = Q(Exists(mine.heading().filter(school=OuterRef("school"))), scope=Scope.SCHOOL)
        serves = Q(Exists(mine.for_the_whole_commune()), scope=Scope.TOWN)
        return self.filter(heads | serves)

    visible_to = decided_by

    def waiting(self) -> Self:
        return self.filter(state=AccessState.ASKED, created_at__gt=timezone.now() - UNANSWERED_FOR)

    def running(self) -> Self:
        return self.filter(state=AccessState.GRANTED, ends_at__gt=timezone.now())

    def run_out(self) -> Self:
        return self.filter(state=AccessState.GRANTED, ends_at__lte=timezone.now())

    def ended_before(self, moment: Any) -> Self:
        return self.filter(state=AccessState.ENDED, ended_at__lt=moment)

    def concerning(self, user: Any) -> Self:
        """Those that this person's banner tells: of their school; of the town, for its staff."""
        schools = School.objects.visible_to(user).values("pk")
        of_the_town = StaffAssignment.objects.of(user).on().filter(role__in=MUNICIPAL)
        return self.filter(Q(scope=Scope.SCHOOL, school__in=schools) | Q(Exists(of_the_town), scope=Scope.TOWN))
