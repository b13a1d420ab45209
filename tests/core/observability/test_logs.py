"""One line a request, with its commune; never a person in it."""

import ast
import json
import logging
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from core.observability import logs
from tests.core.observability.probe import CANARY

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("platform/config", "platform/core", "tenants", "shared_apps", "tenant_apps", "provisioning", "infra")


@pytest.fixture
def answer(rf):
    """A request passes the middleware; the page is `page`."""

    def _answer(page=lambda request: HttpResponse(), path="/mots/?q=x", **headers):
        request = rf.get(path, headers=headers)
        request.host_entry = SimpleNamespace(schema_name="c_11262")
        request.resolver_match = SimpleNamespace(view_name="liaison:list", route="mots/")
        return logs.request_log(page)(request)

    return _answer


def test_each_request_leaves_one_line(answer, written):
    answer(lambda request: HttpResponse(status=403))
    (line,) = [line for line in written() if line["logger"] == "core.access"]
    assert line.pop("ms") >= 0
    assert len(line.pop("request_id")) == 32
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "core.access",
        "message": "http.request",
        "method": "GET",
        "route": "liaison:list",
        "status": 403,
        "schema": "c_11262",
    }


def test_the_lines_of_a_request_bear_its_name_and_the_answer_tells_it(answer, written):
    def page(request):
        logging.getLogger("core.page").info("page.made")
        return HttpResponse()

    response = answer(page)
    assert {line["request_id"] for line in written()} == {response["X-Request-ID"]}
    assert logs.request_id() == ""


@pytest.mark.parametrize("given", ["0" * 32, "0193a1c2-0000-7000-8000-000000000001"])
def test_the_proxy_may_name_the_request(answer, given):
    assert answer(**{"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["zoe.ferrer", "zoe@example.org", "x" * 32, "0" * 31, "0" * 400, "a\tb"])
def test_a_name_of_another_form_is_replaced(answer, given):
    assert answer(**{"x-request-id": given})["X-Request-ID"] != given


def test_the_account_is_told_by_its_identifier_only_when_it_was_read(answer, written):
    account = uuid.uuid4()

    def page(request):
        request._cached_user = SimpleNamespace(pk=account, identifier="z.ferrer")
        return HttpResponse()

    answer()
    answer(page)
    without, with_account = written()
    assert "account_id" not in without
    assert with_account["account_id"] == str(account)
    assert "ferrer" not in str(with_account)


def test_a_line_outside_a_request_names_the_commune_at_work(in_narbonne, written):
    logging.getLogger("core.page").info("page.made")
    assert written()[0]["schema"] == in_narbonne.schema_name


def test_a_failing_page_writes_no_secret(run_apart):
    told = json.loads(run_apart("-m", "tests.core.observability.probe"))
    lines = [json.loads(line) for line in told["lines"]]
    assert CANARY not in str(lines)
    messages = [line["message"] for line in lines]
    assert {"http.request", "probe.error *", "from * to *"} <= set(messages)
    (failure,) = [line for line in lines if line["logger"] == "django.request"]
    assert failure["error"] == "IntegrityError"
    assert failure["causes"] == ["ValueError"]
    (request,) = [line for line in lines if line["logger"] == "core.access"]
    assert (request["route"], request["status"]) == ("signed", 500)


def test_a_developer_reads_plain_lines():
    record = logging.makeLogRecord({"msg": "note.sent", "name": "liaison", "levelname": "INFO", "count": 3})
    logs.Context().filter(record)
    assert logs.PlainFormatter().format(record).endswith("INFO    public liaison: note.sent count=3")


def test_a_developer_s_lines_leave_the_output_of_commands_alone():
    assert logs.logging_config(json=False)["handlers"]["stream"]["stream"] == "ext://sys.stderr"
    assert logs.logging_config(json=True)["handlers"]["stream"]["stream"] == "ext://sys.stdout"


def test_queries_and_addresses_of_libraries_stay_out():
    loggers = logs.logging_config(json=True, level="DEBUG")["loggers"]
    assert loggers["django.db.backends"]["level"] == "WARNING"
    assert loggers["granian.access"]["level"] == "CRITICAL"
    assert all("mail_admins" not in logger["handlers"] for logger in loggers.values())


def test_our_messages_are_constants():
    """A message glued from values (f-string, format, +) would carry them past the allow-list."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if _is_log_call(call) and not _is_constant(call)
    ]
    assert found == []


def _is_log_call(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"debug", "info", "warning", "error", "exception", "critical"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"log", "logger", "logging", "access"}
    )


def _is_constant(call):
    return bool(call.args) and isinstance(call.args[0], ast.Constant)
