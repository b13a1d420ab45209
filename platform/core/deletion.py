"""Deleting rows of one schema with what hangs on them.

Django's own `delete()` visits every table that points at the rows, and some are the other kind of schema's: the
academy's tables are not in a commune, and reading them there is an error (as it should be).
"""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.deletion import Collector, get_candidate_relations_to_delete

from core.tenancy import is_public


def lives_here(model: type[models.Model]) -> bool:
    """Whether the current schema has the table."""
    return model._meta.app_config.name in (settings.SHARED_APPS if is_public() else settings.TENANT_APPS)


def relations_to(model: type[models.Model]) -> list[Any]:
    """Foreign keys of this schema that point at `model`, those of hidden tables included."""
    relations: list[Any] = list(get_candidate_relations_to_delete(model._meta))
    return [relation for relation in relations if lives_here(relation.related_model)]


class _Collector(Collector):
    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        rows = super().related_objects(related_model, related_fields, objs)
        return rows if lives_here(related_model) else rows.none()


@transaction.atomic
def delete_rows(rows: models.QuerySet) -> dict[str, int]:
    """As `rows.delete()`: cascades, sets to null, raises ProtectedError. Returns rows deleted by model."""
    collector = _Collector(using=DEFAULT_DB_ALIAS, origin=rows)
    collector.collect(rows)
    _total, by_model = collector.delete()
    return by_model
