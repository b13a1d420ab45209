from django.utils import timezone

from core.tasks import academy_task
from core.tenancy import each_commune, in_schema
from tenant_apps.progress_notebook import forgetting
from tenants.models import Commune


@academy_task(name="progress_notebook.forget")
def forget() -> None:
    """Each night in every commune: what was taken back a month ago."""
    for schema in each_commune(Commune.objects.awake().values_list("schema_name", flat=True)):
        with in_schema(schema):
            forgetting.forget(timezone.now())
