from core.tasks import academy_task
from core.tenancy import each_commune, in_schema
from tenant_apps.year_change import services
from tenants.models import Commune


@academy_task(name="year_change.turn")
def turn() -> None:
    """Thrice a day in every commune: nobody has to press anything in August. Nothing to do costs two queries."""
    for schema in each_commune(Commune.objects.awake().values_list("schema_name", flat=True)):
        with in_schema(schema):
            services.apply_due()
            services.close_forgotten()
