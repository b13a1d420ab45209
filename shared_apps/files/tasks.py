from core.tasks import academy_task
from core.tenancy import PUBLIC, each_commune, in_schema
from shared_apps.files import services
from tenants.models import Commune


@academy_task(name="files.sweep")
def sweep() -> None:
    """Each night: bytes left by transactions that were undone."""
    for schema in each_commune([PUBLIC, *Commune.objects.laid().values_list("schema_name", flat=True)]):
        with in_schema(schema):
            services.sweep()
