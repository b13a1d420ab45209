from core.tasks import academy_task
from shared_apps.statistics.usage import services as academy
from tenant_apps.usage import services


@academy_task(name="usage.roll_up", time_limit=3600)
def roll_up() -> int:
    return services.roll_up_all()


@academy_task(name="usage.night", time_limit=3600)
def night() -> int:
    """The day that is over; then the months anew, should a run have been cut short between days and months."""
    counted = services.roll_up_all()
    for month in academy.open_months():
        academy.sum_month(month)
    academy.forget_old_days()
    return counted
