"""Going through all the schemas, for what is done everywhere and sees none of them together."""

from core.tenancy import PUBLIC, in_public
from tenants.models import Commune


def every_schema() -> list[str]:
    """The academy's, then those of the communes that have one."""
    with in_public():
        return [PUBLIC, *Commune.objects.laid().values_list("schema_name", flat=True)]
