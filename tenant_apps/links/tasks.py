from core.tasks import academy_task
from core.tenancy import PUBLIC, each_commune, in_schema
from tenant_apps.links.models import AccountLink, SpentLetter
from tenants.schemas import every_schema


@academy_task(name="links.forget")
def forget() -> None:
    """Each night: links never achieved or ended long ago, letters that could not be shown again anyway."""
    for schema in each_commune(every_schema()):
        if schema != PUBLIC:
            with in_schema(schema):
                AccountLink.objects.outdated().delete()
                SpentLetter.objects.outdated().delete()
