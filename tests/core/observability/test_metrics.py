"""The figures, and who may read them."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from core.observability import metrics


@pytest.fixture
def figures(rf):
    """`figures()`: what Prometheus reads, as name{labels} → value."""

    def _read():
        text = metrics.request_metrics(None)(rf.get("/metrics")).content.decode()
        return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*(?:\{.*\})?) (\S+)$", text, re.M)}

    return _read


@pytest.fixture
def visit(rf):
    def _visit(status=200, method="GET", view_name="liaison:list", schema="c_11262"):
        request = rf.generic(method, "/mots/secret/")
        request.host_entry = SimpleNamespace(schema_name=schema)
        request.resolver_match = SimpleNamespace(view_name=view_name, route="") if view_name else None
        return metrics.request_metrics(lambda request: HttpResponse(status=status))(request)

    return _visit


def test_requests_are_counted_by_page_method_and_status(visit, figures):
    name = 'ent_http_requests_total{method="POST",route="liaison:list",status="403"}'
    before = figures().get(name, 0)
    visit(status=403, method="POST")
    after = figures()
    assert after[name] == before + 1
    assert after['ent_http_request_seconds_count{method="POST",route="liaison:list"}'] >= 1


def test_what_a_client_invents_makes_no_new_series(visit, figures):
    for number in range(3):
        visit(method=f"WORD{number}", view_name=None, status=404)
    found = figures()
    assert 'ent_http_requests_total{method="other",route="unresolved",status="404"}' in found
    assert "WORD" not in str(found)
    assert "secret" not in str(found)


def test_communes_are_told_apart_only_when_asked(visit, figures, settings):
    visit(schema="c_11001")
    assert "c_11001" not in str(figures())
    settings.ENT_METRICS_BY_COMMUNE = True
    visit(schema="c_11001", status=404)
    assert figures()['ent_commune_requests_total{outcome="4xx",schema="c_11001"}'] == 1


def test_a_renewed_session_is_counted(figures):
    before = figures()["ent_database_sessions_renewed_total"]
    metrics.database_session_renewed()
    assert figures()["ent_database_sessions_renewed_total"] == before + 1


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 404),
        ("", {"authorization": "Bearer "}, 404),
        ("right", {}, 404),
        ("right", {"authorization": "Bearer wrong"}, 404),
        ("right", {"authorization": "right"}, 404),
        ("right", {"authorization": "Bearer right"}, 200),
    ],
)
def test_from_elsewhere_the_token_is_needed(rf, settings, token, headers, status):
    settings.ENT_METRICS_TOKEN = token
    request = rf.get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7")
    assert metrics.request_metrics(None)(request).status_code == status


def test_a_visitor_behind_a_proxy_of_this_machine_is_not_this_machine(rf):
    request = rf.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}, REMOTE_ADDR="127.0.0.1")
    assert metrics.request_metrics(None)(request).status_code == 404


def test_processes_are_added_up(run_apart, tmp_path):
    count = "from core.observability import metrics; metrics.database_session_renewed()"
    read = f"{count}; print(metrics.generate_latest(metrics._registry()).decode())"
    run_apart("-c", count, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    assert "ent_database_sessions_renewed_total 2.0" in run_apart("-c", read, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
