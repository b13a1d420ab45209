from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope


class Bound(BaseModel):
    """What the academy lowers below the shipped ceiling, for all communes. Exists in the public schema only."""

    sender = models.CharField(_("qui"), max_length=12, choices=Party)
    recipient = models.CharField(_("à qui"), max_length=12, choices=Party)
    right = models.CharField(_("droit"), max_length=6, choices=Right)
    scope = models.CharField(_("au plus"), max_length=8, choices=Scope)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("posée par")
    )

    class Meta:
        verbose_name = _("borne")
        verbose_name_plural = _("bornes")
        ordering = ["sender", "recipient", "right"]
        constraints = [models.UniqueConstraint(fields=["sender", "recipient", "right"], name="one_bound_a_cell")]

    def __str__(self) -> str:
        return f"{self.cell.code} ≤ {self.scope}"

    @property
    def cell(self) -> Cell:
        return Cell(Party(self.sender), Party(self.recipient), Right(self.right))
