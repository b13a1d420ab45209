"""A task runs in the commune that its message names, or not at all."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from celery.app.trace import build_tracer
from celery.exceptions import Retry
from django.core.exceptions import ValidationError
from django.db import connection

from core.errors import NotInACommune
from core.tasks import HEADER, academy_task, commune_task
from core.tenancy import current_schema, in_public, in_schema, is_public

COMMUNES = ["c_11262", "c_11203"]
seen: list[tuple[str, str, str]] = []


@commune_task(name="probe.where")
def where(expected: str, fails: bool = False) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        seen.append((expected, current_schema(), cursor.fetchone()[0]))
    if fails:
        raise ZeroDivisionError
    return current_schema()


@commune_task(name="probe.sends")
def sends(expected: str) -> None:
    where.delay(expected)


@commune_task(name="probe.again", bind=True, max_retries=2, default_retry_delay=0)
def again(self: Any, expected: str) -> int:
    seen.append((expected, current_schema(), current_schema()))
    if self.request.retries < 1:
        raise self.retry()
    return self.request.retries


@academy_task(name="probe.academy")
def academy(expected: str = "public") -> str:
    seen.append((expected, current_schema(), current_schema()))
    return current_schema()


@pytest.fixture(autouse=True)
def _seen_nothing(db: None) -> Iterator[None]:
    seen.clear()
    yield
    assert is_public(), "a task left its commune behind"


def test_a_task_sent_from_a_commune_runs_there():
    with in_schema("c_11262"):
        where.delay("c_11262")
    assert seen == [("c_11262",) * 3]


def test_a_task_sent_without_a_commune_raises_where_it_is_sent():
    with pytest.raises(NotInACommune):
        where.delay("public")
    assert seen == []


@pytest.mark.parametrize("headers", [None, {}, {HEADER: ""}, {HEADER: None}, {HEADER: "public"}])
def test_a_message_without_a_commune_raises_where_it_runs(headers):
    with in_schema("c_11262"), pytest.raises(NotInACommune):
        where.apply(["c_11262"], headers=headers)
    assert seen == []


def test_a_message_that_names_no_schema_of_ours_is_refused():
    with pytest.raises(ValidationError):
        where.apply(["x"], headers={HEADER: "c_1; DROP SCHEMA public"})
    assert seen == []


def test_a_task_of_the_academy_runs_in_public_whoever_sends_it():
    with in_schema("c_11262"):
        academy.delay()
        assert current_schema() == "c_11262"
    academy.delay()
    assert seen == [("public",) * 3] * 2


def test_a_task_of_the_academy_sent_to_a_commune_is_refused():
    with pytest.raises(NotInACommune):
        academy.apply(headers={HEADER: "c_11262"})


def test_a_task_called_as_a_function_runs_where_its_caller_is():
    with in_schema("c_11262"):
        assert where("c_11262") == "c_11262"
        assert academy() == "public"
    with pytest.raises(NotInACommune):
        where("public")


def test_a_task_sent_by_a_task_goes_to_the_same_commune():
    with in_schema("c_11262"):
        sends.delay("c_11262")
    assert seen == [("c_11262",) * 3]


def test_a_task_tried_again_stays_in_its_commune():
    with in_schema("c_11262"):
        sent = again.apply_async(["c_11262"], throw=False)
    with in_schema("c_11203"):
        assert sent.get() == 1
    assert seen == [("c_11262",) * 3] * 2


def test_options_used_twice_do_not_carry_the_first_commune():
    """The usual library kept its header in the sender's dict."""
    options: dict[str, Any] = {"headers": {"origin": "test"}}
    for schema in COMMUNES:
        with in_schema(schema):
            where.apply_async([schema], **options)
            where.s(schema).set(**options).apply_async()
    assert options == {"headers": {"origin": "test"}}
    assert [schemas for schemas in seen if len(set(schemas)) != 1] == []
    assert len(seen) == 4


def as_worker(task: Any, schema: str | None, *args: Any, number: int = 0) -> Any:
    """What a worker does with a message: its headers are the request."""
    headers = {HEADER: schema} if schema else {}
    request = {"id": f"id-{number}", "task": task.name, "ignore_result": True, **headers}
    tracer = build_tracer(task.name, current_app.tasks[task.name], app=current_app)
    outcome = tracer(request["id"], args, {}, request)
    if outcome.info is not None:
        raise outcome.info.retval
    return outcome.retval


def test_a_thousand_tasks_of_communes_in_turn_each_run_in_their_own():
    chance = random.Random(3)
    for number in range(1_000):
        schema = chance.choice(COMMUNES)
        fails = chance.random() < 0.1
        try:
            if number % 2:
                with in_schema(schema):
                    where.delay(schema, fails=fails)
            else:
                as_worker(where, schema, schema, fails, number=number)
        except ZeroDivisionError:
            assert fails
        if number % 7 == 0:
            academy.delay()
    assert [schemas for schemas in seen if len(set(schemas)) != 1] == []
    assert len(seen) == 1_000 + 143


def test_a_worker_refuses_a_message_without_a_commune_after_one_that_had_it():
    assert as_worker(where, "c_11262", "c_11262") == "c_11262"
    with pytest.raises(NotInACommune):
        as_worker(where, None, "c_11262")


def test_a_worker_that_tries_again_sends_to_the_same_commune(monkeypatch):
    sent = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async", lambda self, *args, **options: sent.append(options["headers"])
    )
    with in_public(), pytest.raises(Retry):
        as_worker(again, "c_11262", "c_11262")
    assert [headers[HEADER] for headers in sent] == ["c_11262"]
