from typing import Any

from django.db import models


class SignatureRequestQuerySet(models.QuerySet):
    def for_object(self, purpose: str, object_id: Any) -> "SignatureRequestQuerySet":
        return self.filter(purpose=purpose, object_id=object_id)


class SlotQuerySet(models.QuerySet):
    def for_signer(self, signer_id: Any) -> "SlotQuerySet":
        return self.filter(signer_id=signer_id)

    def unsigned(self) -> "SlotQuerySet":
        return self.filter(signed_at=None)
