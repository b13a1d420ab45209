"""What the convention of a commune lets its town do, read by its schema."""

from core.tenancy import current_schema
from tenants.models import Commune
from tenants.published import Published


def _without_consent() -> frozenset[str]:
    return frozenset(Commune.objects.filter(asks_heads=False).values_list("schema_name", flat=True))


_free: Published[frozenset[str]] = Published("agreements", _without_consent, frozenset())


def asks_heads() -> bool:
    """Whether what the town publishes in a school waits for its head. When nobody can tell, it does."""
    return current_schema() not in _free.get()
