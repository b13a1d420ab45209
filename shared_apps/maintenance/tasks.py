from core.tasks import academy_task


@academy_task(name="maintenance.measure")
def measure() -> None:
    from shared_apps.maintenance.probe import measure

    measure()
