from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shared_apps.maintenance import services
from shared_apps.maintenance.current import published
from shared_apps.maintenance.models import Incident, Window
from shared_apps.maintenance.pages import knock
from tests.shared_apps.onboarding import factories


@pytest.fixture(autouse=True)
def status_folder(settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.ENT_STATUS_DIR = tmp_path / "etat"
    knock.forget()
    yield settings.ENT_STATUS_DIR
    knock.forget()


@pytest.fixture
def officer(db: None) -> Any:
    return factories.staff()


@pytest.fixture
def announce(officer: Any) -> Any:
    """Plans a window and lets every process know at once."""

    def make(**facts: Any) -> Window:
        start: datetime = facts.pop("starts_at", timezone.now() + timedelta(days=2))
        end = facts.pop("ends_at", start + timedelta(hours=1))
        given = {"title": "Nous changeons un disque", "access": "open", "accepts_school_hours": True} | facts
        window = services.plan_window(actor=officer, starts_at=start, ends_at=end, **given)
        published.clear()
        return window

    return make


@pytest.fixture
def running(announce: Any) -> Any:
    """A window that began ten minutes ago."""

    def make(**facts: Any) -> Window:
        window = announce(**facts)
        begun = timezone.now() - timedelta(minutes=10)
        Window.objects.filter(pk=window.pk).update(starts_at=begun, ends_at=begun + timedelta(hours=1))
        published.clear()
        return Window.objects.get(pk=window.pk)

    return make


@pytest.fixture
def broken(officer: Any) -> Any:
    def make(**facts: Any) -> Incident:
        given = {"title": "Les documents sont lents", "severity": "minor", "words": "Nous cherchons."} | facts
        incident = services.open_incident(actor=officer, started_at=timezone.now() - timedelta(minutes=5), **given)
        published.clear()
        return incident

    return make
