"""Two records that look like one human being, and what a person said of them."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel

UNDONE_WITHIN = timedelta(days=30)


class PersonPairQuerySet(models.QuerySet):
    def merged(self) -> Self:
        return self.filter(state=PersonPair.State.MERGED)

    def settled(self) -> Self:
        """Not to be asked about any more."""
        return self.filter(state__in=[PersonPair.State.MERGED, PersonPair.State.APART])

    def undoable(self) -> Self:
        return self.merged().filter(decided_at__gte=timezone.now() - UNDONE_WITHIN)


class PersonPair(BaseModel):
    """One row for a pair of which somebody said something: `kept` keeps the account, `other` gives its links."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("fusion proposée à l’autre école")
        MERGED = "merged", _("fusionnées")
        APART = "apart", _("deux personnes")
        UNDONE = "undone", _("fusion défaite")

    kept = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("fiche qui reste")
    )
    other = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("fiche fusionnée")
    )
    state = models.CharField(_("état"), max_length=8, choices=State)
    # What the merge moved, as ids only, so that it can be taken back: [[model, column, [keys]], …], and the rest.
    moved = models.JSONField(_("ce qui a été déplacé"), default=dict)
    decided_at = models.DateTimeField(_("décidé le"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidé par"),
    )

    objects = PersonPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("paire de fiches")
        verbose_name_plural = _("paires de fiches")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=models.F("other")), name="a_pair_is_of_two_people"),
            models.UniqueConstraint(
                fields=["other"], condition=Q(state="merged"), name="a_person_is_merged_into_one_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} · {self.other_id}"

    @property
    def is_undoable(self) -> bool:
        return self.state == self.State.MERGED and self.decided_at >= timezone.now() - UNDONE_WITHIN


def merged_away() -> Any:
    """The keys of the persons who gave their links to another: nobody is recognised in them."""
    return PersonPair.objects.merged().values("other")
