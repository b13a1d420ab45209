from core.tasks import commune_task
from core.tenancy import current_schema


@commune_task(name="tenants.where")
def where() -> str:
    """The commune this task works in. Sent by « Prouver l’isolement » and by nobody else."""
    return current_schema()
