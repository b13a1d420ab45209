from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from shared_apps.signatures.querysets import SignatureRequestQuerySet, SlotQuerySet


class SignatureRequest(BaseModel):
    """One thing to be signed for several children: a note, the charter, a consent, an outing."""

    class Rule(models.TextChoices):
        ONE = "one", _("la signature d’un responsable suffit")
        EACH = "each", _("chaque responsable signe")

    purpose = models.CharField(_("usage"), max_length=40)  # « liaison.note »
    object_id = models.UUIDField(_("objet"))
    rule = models.CharField(_("règle"), max_length=4, choices=Rule, default=Rule.ONE)
    choices = models.JSONField(
        _("réponses possibles"), default=list
    )  # [["yes", "J’autorise"], …]; empty: signature only
    due_on = models.DateField(_("à signer avant le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    objects = SignatureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de signature")
        verbose_name_plural = _("demandes de signature")
        constraints = [
            models.UniqueConstraint(fields=["purpose", "object_id"], name="one_signature_request_per_object")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.object_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Slot(BaseModel):
    """The place where one adult signs for one child. `subject_id` and `signer_id` are people's ids in this schema.

    No foreign key to them: this app also lives in the public schema, which has no people.
    """

    request = models.ForeignKey(
        SignatureRequest, on_delete=models.CASCADE, related_name="slots", verbose_name=_("demande")
    )
    subject_id = models.UUIDField(_("enfant"))
    signer_id = models.UUIDField(_("responsable"))
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signé le"), null=True, blank=True)
    signed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signé par"),
    )
    answer = models.CharField(_("réponse"), max_length=30, blank=True)
    comment = models.CharField(_("mot joint"), max_length=500, blank=True)
    is_paper = models.BooleanField(_("sur papier"), default=False)
    reminded_at = models.DateTimeField(_("relancé le"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("place de signature")
        verbose_name_plural = _("places de signature")
        constraints = [
            models.UniqueConstraint(fields=["request", "subject_id", "signer_id"], name="one_slot_per_child_and_adult"),
            models.CheckConstraint(
                condition=models.Q(answer="") | models.Q(signed_at__isnull=False), name="an_answer_is_signed"
            ),
            models.CheckConstraint(
                condition=models.Q(is_paper=False) | models.Q(signed_at__isnull=False), name="a_paper_is_signed"
            ),
        ]
        indexes = [
            models.Index(fields=["signer_id"], name="signature_slot_signer"),
            models.Index(fields=["subject_id"], name="signature_slot_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.request} · {self.subject_id}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def is_late(self) -> bool:
        due = self.request.due_on
        return not self.is_signed and due is not None and due < timezone.localdate()
