"""A task leaves one line, and the worker a sign of life."""

import pytest
from celery import shared_task
from celery.signals import heartbeat_sent, setup_logging

from core.observability import logs, tasks


@shared_task(name="core.tests.greet")
def greet(name):
    return f"Bonjour {logs.request_id()} {name}"


@shared_task(name="core.tests.fail")
def fail(name):
    raise ValueError(name)


def test_a_task_leaves_one_line_without_its_arguments(written):
    greet.apply(["Zoé"], task_id="0193a1c2-0000-7000-8000-000000000001")
    (line,) = [line for line in written() if line["message"] == "task.done"]
    assert (line["task"], line["state"]) == ("core.tests.greet", "success")
    assert line["task_id"] == line["request_id"] == "0193a1c2-0000-7000-8000-000000000001"
    assert "Zoé" not in str(written())


def test_lines_of_a_task_bear_its_name_and_then_no_more():
    identifier = "0193a1c2-0000-7000-8000-000000000002"
    assert identifier in greet.apply(["Zoé"], task_id=identifier).get()
    assert logs.request_id() == ""


def test_a_failed_task_says_so(written):
    with pytest.raises(ValueError, match="Zoé"):
        fail.apply(["Zoé"], throw=True)
    (line,) = [line for line in written() if line["message"] == "task.done"]
    assert line["state"] == "failure"


def test_celery_keeps_our_log_settings():
    assert setup_logging.has_listeners()


def test_the_worker_touches_its_file_at_each_heartbeat(settings, tmp_path):
    heartbeat_sent.send(sender=None)
    settings.ENT_HEARTBEAT_FILE = str(tmp_path / "heartbeat")
    heartbeat_sent.send(sender=None)
    assert (tmp_path / "heartbeat").exists()
    assert tasks.touch_heartbeat
