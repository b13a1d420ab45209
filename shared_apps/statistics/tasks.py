from core.tasks import academy_task
from shared_apps.statistics import services


@academy_task(name="statistics.collect_all")
def collect_all() -> int:
    return services.collect_all()
