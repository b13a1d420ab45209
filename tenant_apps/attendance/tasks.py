from core.tasks import academy_task
from core.tenancy import each_commune, in_schema
from tenant_apps.attendance import services
from tenants.models import Commune


@academy_task(name="attendance.forget")
def forget() -> None:
    """Each night in every commune: the first of a new school year finds what to forget (R131-6)."""
    for schema in each_commune(Commune.objects.awake().values_list("schema_name", flat=True)):
        with in_schema(schema):
            services.forget_years_past()
