"""What was taken back goes for good after a month, with its photo and its sound; what a family was given stays."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from tenant_apps.progress_notebook import forgetting, tasks
from tenant_apps.progress_notebook.attachments import PHOTO, SOUND
from tenant_apps.progress_notebook.models import Observation
from tests.tenant_apps.progress_notebook.factories import observed, photo, sound, written

pytestmark = pytest.mark.django_db


def post(browser, name: str, one):
    return browser.post(reverse(f"progress_notebook:{name}", args=[one.pk]))


def forget(days: int) -> int:
    now = timezone.now() + timedelta(days=days)
    with travel(now):
        return forgetting.forget(now)


@pytest.fixture
def recorded(nursery):
    return observed(nursery, "Inès", uploads={PHOTO: photo(), SOUND: sound()}, words="")


def test_it_can_be_put_back_for_a_month_and_then_goes_with_its_files(
    recorded, teacher, django_capture_on_commit_callbacks
):
    post(teacher, "remove", recorded)
    paths = [path_of(pk) for pk in StoredFile.objects.values_list("pk", flat=True)]
    assert len(paths) == 2
    assert forget(days=29) == 0
    post(teacher, "restore", recorded)
    assert forget(days=60) == 0
    post(teacher, "remove", recorded)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget(days=31) == 1
    assert not Observation.objects.exists()
    assert not StoredFile.objects.exists()
    assert not any(storage().exists(path) for path in paths)
    assert post(teacher, "restore", recorded).status_code == 404


def test_what_stands_and_what_was_taken_back_lately_stay(nursery, recorded, teacher):
    lately = observed(nursery, "Noé", uploads={PHOTO: photo()})
    with travel(timezone.now() + timedelta(days=20)):
        post(teacher, "remove", lately)
    assert forget(days=40) == 0
    assert StoredFile.objects.count() == 3


def test_what_a_validated_notebook_holds_stays(nursery, period, recorded, teacher, head):
    written(nursery, period, "Inès")
    head.post(reverse("progress_notebook:validate", args=[nursery.school_class.pk, period.pk]))
    other = observed(nursery, "Inès", uploads={PHOTO: photo(width=41)})
    for one in (recorded, other):
        post(teacher, "remove", one)
    assert forget(days=31) == 1
    assert list(Observation.objects.all()) == [recorded]
    assert StoredFile.objects.filter(object_id=recorded.pk).count() == 2


def test_each_night_goes_through_the_communes(recorded, teacher, monkeypatch):
    post(teacher, "remove", recorded)
    Observation.objects.update(removed_at=timezone.now() - timedelta(days=31))
    planned = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.forget.name in planned
    monkeypatch.setattr(tasks, "each_commune", lambda _schemas: ["c_11262"])
    tasks.forget()
    assert not Observation.objects.exists()
