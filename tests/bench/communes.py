"""Many communes, laid as a spare is, registered and reachable at `bench-00001.localhost`."""

from django.db import transaction

from core.tenancy import in_public
from provisioning import schemas, template
from provisioning.sessions import owner
from tenants.models import Commune, Domain


def lay(count: int) -> list[str]:
    """Make sure that there are `count` of them; returns their schemas."""
    with owner(), in_public():
        have = set(Commune.objects.values_list("schema_name", flat=True))
        names = [schema_of(number) for number in range(count)]
        for number, name in enumerate(names):
            if name not in have:
                _lay_one(number, name)
    return names


def schema_of(number: int) -> str:
    return f"c_{number:05}"


def host_of(number: int) -> str:
    return f"bench-{number:05}.localhost"


@transaction.atomic
def _lay_one(number: int, schema: str) -> None:
    schemas.create(schema)
    template.lay(schema)
    facts = {"insee": f"{number:05}", "name": f"Commune {number}", "department_code": "11"}
    commune = Commune.objects.create(schema_name=schema, state=Commune.State.OPEN, **facts)
    Domain.objects.create(domain=host_of(number), tenant=commune)
