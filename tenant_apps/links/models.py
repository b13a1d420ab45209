from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from tenant_apps.links.querysets import AccountLinkQuerySet, PostedAssignmentQuerySet, SpentLetterQuerySet
from tenant_apps.people.models import StaffAssignment


def seal_of(user: Any) -> str:
    """Changes with the password and with the activation code; tells neither."""
    value = f"{user.pk}:{user.code_generation}:{user.password}"
    return salted_hmac("ent.links.seal", value, algorithm="sha256").hexdigest()


class AccountLink(BaseModel):
    """This account and one of another commune are the same person's: proved in each, said by each.

    Both communes hold a row with the same `pair`, drawn at random for this link alone; neither knows the other's
    account. The academy holds nothing.
    """

    PROPOSAL_LIFE = timedelta(minutes=10)

    class Ended(models.TextChoices):
        HERE = "here", _("ici")
        THERE = "there", _("dans l’autre commune")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links", verbose_name=_("compte")
    )
    other = models.CharField(_("espace de l’autre commune"), max_length=50)
    pair = models.UUIDField(_("pseudonyme du lien"))
    expires_at = models.DateTimeField(_("à achever avant"))
    agreed_at = models.DateTimeField(_("accepté ici le"), null=True, blank=True)
    completed_at = models.DateTimeField(_("relié le"), null=True, blank=True)
    # Of the password that the account had. One given anew, by a code or by a mail, may be in other hands: from here
    # nothing passes any more, until the link is made again.
    seal = models.CharField(max_length=64, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("délié le"), null=True, blank=True)
    ended = models.CharField(_("délié"), max_length=5, choices=Ended, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("lien avec une autre commune")
        verbose_name_plural = _("liens avec d’autres communes")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pair"], name="account_link_pair_is_one_row"),
            models.UniqueConstraint(
                fields=["user", "other"],
                condition=Q(completed_at__isnull=False, revoked_at=None),
                name="one_link_per_account_and_commune",
            ),
            models.CheckConstraint(condition=Q(other__regex=r"^c_[a-z0-9_]{1,48}$"), name="account_link_other_is_safe"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.other}"

    @property
    def is_awake(self) -> bool:
        """Something may pass from here: the account is still in the hands that made the link."""
        return constant_time_compare(self.seal, seal_of(self.user))


class SpentLetter(BaseModel):
    """The number of a letter from another schema that has served. Kept as long as the letter could be shown again."""

    number = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = SpentLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("lettre utilisée")
        verbose_name_plural = _("lettres utilisées")

    def __str__(self) -> str:
        return self.number


class PostedAssignment(BaseModel):
    """An assignment that the academy opened, by the id of its posting there."""

    posting = models.UUIDField(_("affectation à l’académie"), unique=True)
    assignment = models.OneToOneField(
        StaffAssignment, on_delete=models.CASCADE, related_name="posted", verbose_name=_("affectation")
    )
    # The end that the academy last wrote: another one was written here, and holds.
    written_end = models.DateField(null=True, blank=True)

    objects = PostedAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation par l’académie")
        verbose_name_plural = _("affectations par l’académie")

    def __str__(self) -> str:
        return str(self.assignment)

    @property
    def is_ended_here(self) -> bool:
        return self.assignment.ends_on != self.written_end

    @property
    def last_day(self) -> date | None:
        """As people say it: that day included."""
        return self.assignment.ends_on - timedelta(days=1) if self.assignment.ends_on else None
