"""An AESH and the children whom this person helps by name."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.people.querysets import DatedQuerySet, _model
from tenant_apps.people.roles import Role


class PupilSupportQuerySet(DatedQuerySet):
    sort_name = "person__sort_name"

    def on(self, day: date | None = None) -> Self:
        """While the child goes to a school where the person works as an AESH: it ends with either."""
        working = (
            _model("StaffAssignment")
            .objects.on(day)
            .filter(
                role=Role.SUPPORT_ASSISTANT,
                person=OuterRef(OuterRef("person")),
                school=OuterRef("school_class__school"),
            )
        )
        here = _model("Enrollment").objects.on(day).filter(Exists(working), pupil=OuterRef("pupil"))
        return super().on(day).filter(Exists(here))

    def of(self, user: Any) -> Self:
        return self.filter(person__account=user)

    def visible_to(self, user: Any) -> Self:
        """The AESH; who knows the family (the head, the teachers of the class); its guardians with the authority."""
        pupils = _model("Pupil").objects
        theirs = Q(pupil__in=pupils.families_open_to(user)) | Q(pupil__in=pupils.informing(user))
        return self.filter(Q(person__account=user) | theirs)


class PupilSupport(BaseModel):
    """From a day to a day (excluded). It says who comes for the child, nothing of why (code de l'éducation, L351-3)."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="supports", verbose_name=_("AESH")
    )
    pupil = models.ForeignKey(
        "people.Pupil", on_delete=models.CASCADE, related_name="supports", verbose_name=_("élève")
    )
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au, exclu"), null=True, blank=True)

    objects = PupilSupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompagnement d’un élève")
        verbose_name_plural = _("accompagnements d’élèves")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "pupil"], condition=Q(ends_on=None), name="one_open_support_of_a_pupil"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="support_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.pupil}"


def supported_by(user: Any) -> Any:
    """Today's enrolments of the children whom this person helps by name."""
    mine = PupilSupport.objects.on().of(user).filter(pupil=OuterRef("pupil"))
    return _model("Enrollment").objects.on().filter(Exists(mine))


def assistants_of(schools: Any) -> Any:
    """Who works in one of these schools as an AESH today."""
    held = _model("StaffAssignment").objects.on().filter(school__in=schools, role=Role.SUPPORT_ASSISTANT)
    return _model("Person").objects.filter(pk__in=held.values("person")).order_by("sort_name", "pk")
