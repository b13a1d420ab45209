from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.moderation.querysets import ReportQuerySet
from tenant_apps.schools.models import School


class AbstractReport(BaseModel):
    """A reader shows words to the head. Their author never learns who, nor does the page of the head say it.

    `WORDS` names the foreign key to what was written, which has an `author`; one report for each reader.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("à lire")
        KEPT = "kept", _("laissé")
        WITHDRAWN = "withdrawn", _("retiré")

    WORDS: ClassVar[str]

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("école"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("signalé par"),
        db_index=False,
    )
    reason = models.CharField(_("pourquoi"), max_length=300, blank=True)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("décidé par"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def words(self) -> Any:
        """What was reported."""
        return getattr(self, self.WORDS)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN
