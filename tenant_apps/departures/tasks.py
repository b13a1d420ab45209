from core.tasks import academy_task, commune_task
from core.tenancy import each_commune, in_schema
from tenant_apps.departures.follow import follow_all
from tenants.models import Commune


@commune_task(name="departures.follow", runs_while_paused=True)  # the law's three months go on
def follow() -> None:
    follow_all()


@academy_task(name="departures.night")
def night() -> None:
    """A message per commune: one that is slow or fails keeps nobody waiting."""
    for schema in each_commune(Commune.objects.laid().values_list("schema_name", flat=True)):
        with in_schema(schema):
            follow.apply_async()
