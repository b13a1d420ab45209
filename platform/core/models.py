"""Abstract bases. Every table has a UUID primary key, so that an id of one commune means nothing in another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7


class BaseModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True
