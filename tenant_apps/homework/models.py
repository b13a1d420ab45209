from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.addresses import address_of
from core.models import BaseModel
from tenant_apps.homework.querysets import HomeworkQuerySet, ProgressQuerySet
from tenant_apps.people.models import Pupil, PupilGroup
from tenant_apps.schools.models import School, SchoolClass

LONGEST = 120  # minutes


def _is_monthly(first: date, day: date) -> bool:
    """The same weekday of the same rank: « the second Tuesday »; a fifth one is the last of each month."""
    if day.weekday() != first.weekday():
        return False
    if first.day > 28:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 == (first.day - 1) // 7


# (first day due, another day) -> does it come back on that day?
COMES_BACK: dict[str, Callable[[date, date], bool]] = {
    "once": lambda first, day: day == first,
    "weekly": lambda first, day: (day - first).days % 7 == 0,
    "fortnightly": lambda first, day: (day - first).days % 14 == 0,
    "monthly": _is_monthly,
}


class Homework(BaseModel):
    """Something to do for a day, by a class or a group of pupils, or by some of them. Its later days are computed,
    never stored.
    """

    class Recurrence(models.TextChoices):
        ONCE = "once", _("une fois")
        WEEKLY = "weekly", _("chaque semaine")
        FORTNIGHTLY = "fortnightly", _("une semaine sur deux")
        MONTHLY = "monthly", _("chaque mois")

    # One of the two: where it is given.
    school_class = models.ForeignKey(
        SchoolClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="homework",
        db_index=False,
        verbose_name=_("classe"),
    )
    group = models.ForeignKey(
        PupilGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="homework",
        db_index=False,
        verbose_name=_("groupe d’élèves"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="homework", verbose_name=_("donné par")
    )
    subject = models.CharField(_("matière"), max_length=60)
    title = models.CharField(_("travail à faire"), max_length=120)
    instruction = models.TextField(_("consigne"), max_length=2000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("temps prévu, en minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    given_on = models.DateField(_("donné le"))
    due_on = models.DateField(_("pour le"))
    published_on = models.DateField(_("visible à partir du"))
    recurrence = models.CharField(_("revient"), max_length=11, choices=Recurrence, default=Recurrence.ONCE)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    # Told apart from « nobody is named »: what was for one child never becomes everybody's when that child leaves.
    is_for_all = models.BooleanField(_("pour tous"), default=True)
    pupils = models.ManyToManyField(Pupil, related_name="homework", blank=True, verbose_name=_("seulement pour"))
    told_at = models.DateTimeField(_("annoncé le"), null=True, blank=True)
    visa_at = models.DateTimeField(_("visé le"), null=True, blank=True)
    visa_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("visé par"),
    )
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = HomeworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("devoir")
        verbose_name_plural = _("devoirs")
        ordering = ["due_on", "subject", "id"]
        indexes = [
            models.Index(fields=["school_class", "due_on"], name="homework_of_a_class"),
            models.Index(fields=["group", "due_on"], name="homework_of_a_group"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class=None, group__isnull=False) | Q(school_class__isnull=False, group=None),
                name="homework_is_of_a_class_or_a_group",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("given_on")) & Q(due_on__gte=F("published_on")),
                name="homework_is_due_after_it_is_given",
                violation_error_message=_("Un devoir est donné, et visible, avant le jour où il est à faire."),
            ),
            models.CheckConstraint(
                condition=Q(recurrence="once", until=None)
                | (~Q(recurrence="once") & Q(until__isnull=False, until__gte=F("due_on"))),
                name="homework_that_comes_back_has_an_end",
                violation_error_message=_("Un devoir qui revient a une fin, après la première fois."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST), name="homework_takes_some_minutes"
            ),
            models.CheckConstraint(
                condition=Q(visa_by=None) | Q(visa_at__isnull=False), name="a_visa_of_homework_has_its_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("homework:homework", self.pk)

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def comes_back(self) -> bool:
        return self.recurrence != self.Recurrence.ONCE

    def falls_on(self, day: date) -> bool:
        """By its rule alone: whether there is class that day is told by the calendar."""
        is_over = self.until is not None and day > self.until
        return day >= self.due_on and not is_over and COMES_BACK[self.recurrence](self.due_on, day)

    @property
    def place(self) -> SchoolClass | PupilGroup:
        """Where it is given; both have a school, a year, and words of their own."""
        return self.group or self.school_class  # type: ignore[return-value]  (one of them, by the database)

    @property
    def place_id(self) -> Any:
        return self.group_id or self.school_class_id

    @property
    def school(self) -> School:
        return self.place.school

    def is_for(self, pupil_id: Any, places: Collection[Any]) -> bool:
        """`places`: the class and the groups of the child (`querysets.places_of`). Asks the prefetched pupils."""
        named = self.is_for_all or any(pupil.pk == pupil_id for pupil in self.pupils.all())
        return named and self.place_id in places


class Progress(BaseModel):
    """What a pupil made of a homework for a day, and the teacher's word. Nothing done, nothing said: no row."""

    homework = models.ForeignKey(
        Homework, on_delete=models.CASCADE, related_name="progress", db_index=False, verbose_name=_("devoir")
    )
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+", verbose_name=_("élève"))
    day = models.DateField(_("pour le"))
    done_at = models.DateTimeField(_("fait le"), null=True, blank=True)
    handed_at = models.DateTimeField(_("rendu le"), null=True, blank=True)
    word = models.CharField(_("mot de l’enseignant"), max_length=300, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("travail fait")
        verbose_name_plural = _("travaux faits")
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["homework", "day", "pupil"], name="one_progress_per_pupil_and_day"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(handed_at__isnull=False) | ~Q(word=""),
                name="a_progress_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} · {self.day:%d/%m/%Y}"

    @property
    def is_empty(self) -> bool:
        return self.done_at is None and self.handed_at is None and not self.word
