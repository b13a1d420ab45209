import logging

from core.tasks import academy_task

log = logging.getLogger(__name__)


def send_items(items: list[str]) -> None:
    """One message a commune; if the broker is lost, the sweep finds them."""
    for item in items:
        try:
            run_wave_item.apply_async([item], retry=False)
        except Exception as error:  # kombu raises whatever its transport raises
            log.warning("onboarding.broker_unreachable", extra={"error": type(error).__name__})
            return


@academy_task(name="onboarding.run_wave_item")
def run_wave_item(item_id: str) -> None:
    from shared_apps.onboarding.services import waves

    waves.run_item(item_id)


@academy_task(name="onboarding.sweep_waves")
def sweep_waves() -> int:
    from shared_apps.onboarding.services import waves

    return waves.sweep()


@academy_task(name="onboarding.remind_tasks")
def remind_tasks() -> int:
    from shared_apps.onboarding.services import remind

    return remind()


@academy_task(name="onboarding.renew_proofs")
def renew_proofs() -> int:
    from shared_apps.onboarding import services

    return services.renew_proofs()
