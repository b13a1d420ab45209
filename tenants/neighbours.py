"""The other communes as a commune may know them: their name and their address. And the letters they exchange.

A commune never reads another's schema. What passes between two of them is carried by the browser of the person
concerned: a letter signed by one schema for the other, opaque, of a few minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from core.tenancy import PUBLIC, current_schema, in_public
from tenants.models import Commune, Domain
from tenants.names import is_schema_name


@dataclass(frozen=True, slots=True)
class Neighbour:
    schema: str
    name: str
    url: str  # without the final slash: also its origin, as browsers say it

    def __str__(self) -> str:
        return self.name


def open_neighbours(schemas: Iterable[str] | None = None) -> list[Neighbour]:
    """The communes whose address answers, but the current one; of these, when some are named. One query."""
    here = current_schema()
    with in_public():
        rows = Domain.objects.filter(is_primary=True, tenant__in=Commune.objects.reachable()).select_related("tenant")
        if schemas is not None:
            rows = rows.filter(tenant__schema_name__in=list(schemas))
        found = [_neighbour(row) for row in rows.order_by("tenant__name", "tenant__insee")]
    return [one for one in found if one.schema != here]


def neighbour(schema: str) -> Neighbour | None:
    """An open commune other than the current one, or the academy."""
    if not is_schema_name(schema) or schema == current_schema():
        return None
    if schema == PUBLIC:
        base = f"{settings.ENT_SCHEME}://{settings.ENT_ACADEMY_HOST}{settings.ENT_PORT_SUFFIX}"
        return Neighbour(PUBLIC, "Académie", base)
    return next(iter(open_neighbours([schema])), None)


def _neighbour(row: Domain) -> Neighbour:
    return Neighbour(row.tenant.schema_name, row.tenant.name, row.get_absolute_url().rstrip("/"))
