import logging

from core.tasks import academy_task
from shared_apps.lifecycle import night, packages
from shared_apps.lifecycle.models import Package

log = logging.getLogger(__name__)


def send_build() -> None:
    """Ask a worker for them; if the broker is lost, `wake_builds` does it."""
    try:
        build_packages.apply_async(retry=False)
    except Exception:  # kombu raises whatever its transport raises
        log.warning("lifecycle.broker_unreachable")


@academy_task(name="lifecycle.follow")
def follow() -> None:
    """Each morning."""
    night.follow_all()


@academy_task(name="lifecycle.build_packages")
def build_packages() -> None:
    """One, then the worker takes what else waits, and comes back."""
    if packages.build_one() and Package.objects.to_build().exists():
        send_build()


@academy_task(name="lifecycle.wake_builds")
def wake_builds() -> None:
    """Packages whose worker was killed, or that the broker lost."""
    if Package.objects.to_build().exists():
        send_build()
