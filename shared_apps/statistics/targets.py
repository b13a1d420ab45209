"""What the académie aims at: a number of communes, by a day, for itself or a département."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.audit import services as audit


class Target(BaseModel):
    department_code = models.CharField(_("département"), max_length=3, blank=True)  # empty: the académie
    communes = models.PositiveIntegerField(_("communes"))
    due_on = models.DateField(_("pour le"))

    class Meta:
        app_label = "statistics"
        verbose_name = _("objectif")
        verbose_name_plural = _("objectifs")
        ordering = ["department_code"]
        constraints = [models.UniqueConstraint(fields=["department_code"], name="one_target_by_place")]

    def __str__(self) -> str:
        return f"{self.department_code}: {self.communes}"


def targets_by_department() -> dict[str, Target]:
    """That of the académie under an empty code."""
    return {target.department_code: target for target in Target.objects.all()}


def set_target(*, actor: Any, department: str, communes: int | None, due_on: date | None) -> None:
    """Without a number, there is no target any more."""
    with transaction.atomic():
        if communes is None or due_on is None:
            Target.objects.filter(department_code=department).delete()
        else:
            values = {"communes": communes, "due_on": due_on}
            Target.objects.update_or_create(department_code=department, defaults=values)
        audit.record(actor=actor, action="statistics.target_set", department=department, communes=communes)
