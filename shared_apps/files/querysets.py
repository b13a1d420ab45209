from typing import Any

from django.db import models
from django.db.models import Sum


class StoredFileQuerySet(models.QuerySet):
    def of_object(self, purpose: str, object_id: Any) -> "StoredFileQuerySet":
        return self.filter(purpose=purpose, object_id=object_id)

    def readable(self) -> "StoredFileQuerySet":
        """Not refused by the scan, nor waiting for it."""
        return self.filter(scan__in=["clean", "off"])

    def delete_rows(self) -> int:
        """Without Django's look at the tables that point here: some are the academy's, which a commune has not.

        The foreign keys of the database still refuse what is in use.
        """
        return self._raw_delete(self.db)

    def total_size(self) -> int:
        """In bytes."""
        return self.aggregate(total=Sum("size"))["total"] or 0
