"""A big file is written by a worker while its page tells how far it is; a small one at once."""

import pytest
from django.core.cache import cache

from tenant_apps.imports import apply_pupils, progress, services, tasks
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Pupil
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_pages import HOST, text_of
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(browser_of, head):
    return browser_of(HOST, user=head)


@pytest.fixture
def sent(monkeypatch) -> list:
    """The messages to the worker, kept: none has begun."""
    found: list = []
    monkeypatch.setattr(services, "LONG", 10)
    monkeypatch.setattr(tasks.write, "apply_async", lambda args: found.append(args))
    return found


@pytest.fixture
def running(browser, head, school, sent, django_capture_on_commit_callbacks):
    made = plan(head, school, make_onde(files.SMALL_SCHOOL, seed=2).pupils)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{made.get_absolute_url()}appliquer/")
    made.refresh_from_db()
    return made


def test_a_big_file_is_handed_to_a_worker_and_its_page_says_so(browser, head, running, sent):
    assert sent == [[str(running.pk), str(head.pk)]]
    assert running.state == ImportPlan.State.RUNNING
    page = browser.get(running.get_absolute_url())
    assert "Enregistrement en cours" in text_of(page)
    assert "Voir où cela en est" in text_of(page)  # without JavaScript
    assert f"{running.get_absolute_url()}avancement/" in page.content.decode()
    assert not Pupil.objects.exists()


def test_the_page_tells_each_step_then_comes_back_whole(browser, running):
    progress.tell(running.pk, "people")
    panel = browser.get(f"{running.get_absolute_url()}avancement/", HTTP_HX_REQUEST="true")
    assert "Étape 3 sur 6" in text_of(panel)
    assert "HX-Refresh" not in panel.headers
    tasks.write(str(running.pk), "")
    done = browser.get(f"{running.get_absolute_url()}avancement/", HTTP_HX_REQUEST="true")
    assert done.headers["HX-Refresh"] == "true"
    assert "C’est enregistré." in text_of(browser.get(running.get_absolute_url()))
    assert browser.get(f"{running.get_absolute_url()}avancement/").status_code == 302


def test_the_worker_tells_its_steps_in_order_and_another_file_tells_nothing(head, school, running, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(progress, "tell", lambda plan_id, name: told.append(name))
    tasks.write(str(running.pk), str(head.pk))
    assert told == ["start", "accounts", "people", "classes", "end"]
    load(head, school, files.pupils(files.INES))
    assert len(told) == 5


def test_the_message_delivered_twice_writes_once(head, running):
    tasks.write(str(running.pk), str(head.pk))
    count = Pupil.objects.count()
    tasks.write(str(running.pk), str(head.pk))
    assert Pupil.objects.count() == count == 37


def test_what_changed_meanwhile_stops_the_worker_and_the_page_says_why(browser, head, school, running):
    load(head, school, files.pupils(files.INES))
    tasks.write(str(running.pk), str(head.pk))
    page = text_of(browser.get(running.get_absolute_url()))
    assert "Rien n’a été enregistré." in page
    assert "refaites la vérification" in page
    assert Pupil.objects.count() == 1


def test_a_worker_that_says_nothing_for_a_minute_can_be_sent_again(
    browser, running, sent, monkeypatch, django_capture_on_commit_callbacks
):
    assert "Relancer" not in text_of(browser.get(running.get_absolute_url()))
    cache.clear()  # a lost cache is no progress, and no error
    ImportPlan.objects.update(started_at=running.started_at.replace(year=running.started_at.year - 1))
    assert "Relancer" in text_of(browser.get(running.get_absolute_url()))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{running.get_absolute_url()}appliquer/")
    assert len(sent) == 2


def test_an_error_of_ours_leaves_the_plan_to_be_sent_again(head, running, monkeypatch):
    monkeypatch.setattr(apply_pupils, "insert_accounts", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.write(str(running.pk), str(head.pk))
    running.refresh_from_db()
    assert running.is_running
    assert not Pupil.objects.exists()


@pytest.mark.parametrize("act", ["annuler/", "departs/"])
def test_nothing_else_is_done_with_a_plan_that_runs(browser, running, act):
    browser.post(f"{running.get_absolute_url()}{act}", {"tous": "1"})
    running.refresh_from_db()
    assert running.is_running


def test_a_small_file_is_written_at_once(browser, head, school):
    made = plan(head, school, files.pupils(files.INES))
    browser.post(f"{made.get_absolute_url()}appliquer/")
    made.refresh_from_db()
    assert made.state == ImportPlan.State.APPLIED
