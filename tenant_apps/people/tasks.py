from core.tasks import academy_task
from core.tenancy import each_commune, in_schema
from tenant_apps.people import exports
from tenants.models import Commune


@academy_task(name="people.forget_exports")
def forget_exports() -> None:
    """Each night: the downloads of one's data that nobody may open any more."""
    for schema in each_commune(list(Commune.objects.laid().values_list("schema_name", flat=True))):
        with in_schema(schema):
            exports.forget_old()
