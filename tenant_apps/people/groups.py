"""Children of several classes who work together: which group, who is in it, who is in charge of it."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.people.querysets import DatedQuerySet, _model
from tenant_apps.people.roles import LEADING
from tenant_apps.schools.models import School, SchoolClass, SchoolYear

UNDONE_FOR = timedelta(days=30)


class PupilGroupQuerySet(models.QuerySet):
    def on(self, day: date | None = None) -> Self:
        """Groups end with their year, or on the day somebody said."""
        day = day or timezone.localdate()
        lasting = Q(ended_on=None) | Q(ended_on__gt=day)
        return self.filter(lasting, year__in=SchoolYear.objects.current(day).values("pk"))

    def lately_ended(self) -> Self:
        today = timezone.localdate()
        return self.filter(ended_on__lte=today, ended_on__gt=today - UNDONE_FOR)

    def led_by(self, user: Any) -> Self:
        """One is in charge, and works in the school today."""
        leading = PupilGroupLeader.objects.on().filter(person__account=user, group=OuterRef("pk"))
        working = _model("StaffAssignment").objects.of(user).on().filter(role__in=LEADING, school=OuterRef("school"))
        return self.filter(Exists(leading), Exists(working))

    def kept_by(self, user: Any) -> Self:
        """Those of which one reads every name and changes anything: one is in charge, or heads the school."""
        mine = type(self)(self.model).led_by(user).values("pk")
        return self.filter(Q(pk__in=mine) | Q(school__in=School.objects.headed_by(user)))

    def visible_to(self, user: Any) -> Self:
        """Head and persons in charge; teachers, where a child of their class is; families, their child's (its name).
        Neither AESH nor the town.
        """
        kept = type(self)(self.model).kept_by(user).values("pk")
        members = PupilGroupMember.objects.on().filter(group=OuterRef("pk"))
        taught = members.filter(_placed(_model("Enrollment").objects.filter(school_class__in=_taught_by(user))))
        family = members.filter(_placed(_model("Enrollment").objects.of_family(user)))
        return self.filter(Q(pk__in=kept) | (Q(Exists(taught) | Exists(family)) & Q(pk__in=self.model.objects.on())))


class PupilGroup(BaseModel):
    """Of one school and one year: who comes to English, to the choir, to a unit. It says nothing of why."""

    class Kind(models.TextChoices):
        SUPPORT = "support", _("activités pédagogiques complémentaires (APC)")  # code de l'éducation D521-13
        LANGUAGE = "language", _("langue vivante")
        READING = "reading", _("lecture")
        CHOIR = "choir", _("chorale")
        UNIT = "unit", _("dispositif (ULIS, UPE2A)")
        OTHER = "other", _("autre groupe")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="groups", verbose_name=_("école"))
    year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="groups", verbose_name=_("année scolaire")
    )
    name = models.CharField(_("nom"), max_length=60)
    kind = models.CharField(_("type"), max_length=8, choices=Kind, default=Kind.OTHER)
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)

    objects = PupilGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("groupe d’élèves")
        verbose_name_plural = _("groupes d’élèves")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "name"], condition=Q(ended_on=None), name="group_name_is_unique_in_a_year"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ended(self) -> bool:
        return self.ended_on is not None and self.ended_on <= timezone.localdate()


class PupilGroupMemberQuerySet(DatedQuerySet):
    sort_name = "pupil__person__sort_name"

    def on(self, day: date | None = None) -> Self:
        """A child who leaves the school is in none of its groups any more, whatever ended the enrolment; one whose
        departure is undone is in them again. Whether the group itself lasts is told by `PupilGroup.on`.
        """
        here = _model("Enrollment").objects.on(day)
        here = here.filter(pupil=OuterRef("pupil"), school_class__school=OuterRef("group__school"))
        return super().on(day).filter(Exists(here))

    def lasting(self) -> Self:
        """Today's children of today's groups."""
        return self.on().filter(group__in=PupilGroup.objects.on())

    def visible_to(self, user: Any) -> Self:
        """Every name of the groups one keeps; of the others, the children one sees: of one's class, one's own."""
        kept = Q(group__in=PupilGroup.objects.kept_by(user))
        seen = Q(group__in=PupilGroup.objects.visible_to(user), pupil__in=_model("Pupil").objects.visible_to(user))
        return self.filter(kept | seen)


class PupilGroupMember(BaseModel):
    """A child in a group, from a day to a day (excluded)."""

    group = models.ForeignKey(PupilGroup, on_delete=models.CASCADE, related_name="members", verbose_name=_("groupe"))
    pupil = models.ForeignKey(
        "people.Pupil", on_delete=models.CASCADE, related_name="memberships", verbose_name=_("élève")
    )
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)

    objects = PupilGroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("élève d’un groupe")
        verbose_name_plural = _("élèves d’un groupe")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "pupil"], condition=Q(ends_on=None), name="one_open_membership_of_a_group"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="membership_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.group}"


class PupilGroupLeader(BaseModel):
    """An adult in charge of a group, from a day to a day (excluded)."""

    group = models.ForeignKey(PupilGroup, on_delete=models.CASCADE, related_name="leaders", verbose_name=_("groupe"))
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="led_groups", verbose_name=_("personne")
    )
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsable d’un groupe")
        verbose_name_plural = _("responsables d’un groupe")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(ends_on=None), name="one_open_charge_of_a_group"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="charge_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.group}"


def _taught_by(user: Any) -> Any:
    return SchoolClass.objects.taught_by(user)


def _placed(enrollments: Any) -> Exists:
    """For memberships: the child has one of these enrolments today."""
    return Exists(enrollments.on().filter(pupil=OuterRef("pupil")))
