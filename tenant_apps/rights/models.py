from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope
from tenant_apps.rights.querysets import SchoolRuleQuerySet
from tenant_apps.schools.models import School


class SchoolRule(BaseModel):
    """Where a school differs from the shipped matrix. A school that changed nothing has no row."""

    # The unique constraint begins with the school, and nobody asks for the rules of an account.
    school = models.ForeignKey(
        School, on_delete=models.CASCADE, db_index=False, related_name="rules", verbose_name=_("école")
    )
    sender = models.CharField(_("qui"), max_length=12, choices=Party)
    recipient = models.CharField(_("à qui"), max_length=12, choices=Party)
    right = models.CharField(_("droit"), max_length=6, choices=Right)
    scope = models.CharField(_("jusqu’où"), max_length=8, choices=Scope)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("posée par"),
    )

    objects = SchoolRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("règle de l’école")
        verbose_name_plural = _("règles de l’école")
        ordering = ["school", "sender", "recipient", "right"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "sender", "recipient", "right"], name="one_rule_a_cell_and_school"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cell.code} = {self.scope}"

    @property
    def cell(self) -> Cell:
        return Cell(Party(self.sender), Party(self.recipient), Right(self.right))
