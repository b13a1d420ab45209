"""The server of pages as the image starts it, whose database is away: what it does, and how it ends."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.infra.launchers import free_port

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "ENT_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "ENT_DOMAIN": "ent.example.org",
    "ENT_SECRET_KEY": "k" * 60,
    "ENT_WEB_PROCESSES": "1",
    "PYTHONWARNINGS": "ignore",  # of static files that nobody collected here
}
PATIENCE = 60  # seconds


class Server:
    def __init__(self, log: Path, **environment: str) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith("ENT_")}
        self.port, self.log = free_port(), log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.web", f"127.0.0.1:{self.port}"],
                env=known | PRODUCTION | environment,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def status(self, path: str = "/healthz", **headers: str) -> int | None:
        """None when nobody answers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            link.request("GET", path, headers=headers)
            return link.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            link.close()

    def await_that(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def workers(self) -> set[int]:
        return {int(found) for found in re.findall(r"PID: (\d+)", self.log.read_text())} - {self.process.pid}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path / "log")
    try:
        found.await_that(lambda: found.status() == 200)
        yield found
    finally:
        if found.process.poll() is None:
            os.killpg(found.process.pid, signal.SIGKILL)
        found.process.wait()


def test_it_ends_when_asked_and_leaves_nobody(server):
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    for pid in server.workers():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_process_that_dies_is_replaced(server):
    (first,) = server.workers()
    os.kill(first, signal.SIGKILL)
    server.await_that(lambda: len(server.workers()) == 2 and server.status() == 200)


def test_its_lines_are_ours(server):
    """JSON from the first to the last, without address nor query string."""
    server.status("/healthz?secret=1", Host="127.0.0.1")
    server.process.terminate()
    server.process.wait(PATIENCE)
    lines = server.log.read_text().splitlines()
    assert all(json.loads(line)["level"] for line in lines)
    assert "secret" not in "".join(lines)


def test_it_does_not_start_what_must_never_run(tmp_path):
    refused = Server(tmp_path / "log", ENT_DEMO="1")
    assert refused.process.wait(PATIENCE) != 0
    assert refused.status() is None


def test_headers_have_a_size(server):
    assert server.status("/healthz", X="a" * 200_000) in (431, None)


def test_a_page_goes_whole_and_a_file_part_by_part():
    """Whoever closes the page closes what it holds."""
    from django.http import HttpResponse, StreamingHttpResponse

    from config import web

    ended: list[str] = []
    page, file = HttpResponse("Bonjour"), StreamingHttpResponse([b"Bon", b"jour"])
    for response, name in ((page, "page"), (file, "file")):
        response._resource_closers.append(lambda name=name: ended.append(name))
    answers = {"/page": page, "/file": file}
    answer = web._in_one_piece(lambda environ, _start: answers[environ["PATH_INFO"]])
    assert answer({"PATH_INFO": "/page"}, print) == [b"Bonjour"]
    assert answer({"PATH_INFO": "/file"}, print) is file
    assert ended == ["page"]


def test_headers_read_at_once_are_those_of_django(monkeypatch):
    from django.http import HttpResponse
    from django.http.response import ResponseHeaders

    from config import web

    def told(response: HttpResponse) -> list[object]:
        names = ("X-One", "x-one", "x-none", "CONTENT-TYPE")
        headers = response.headers
        asked = [
            (name in headers, headers.get(name), headers.get(name, "no"), response.has_header(name)) for name in names
        ]
        return [*asked, list(headers.items()), list(response.items()), headers.setdefault("X-One", "3"), dict(headers)]

    ordinary = told(HttpResponse(headers={"X-One": "1", "x-two": "2"}))
    for name in ("__contains__", "get", "items"):  # given back after the test
        monkeypatch.setattr(ResponseHeaders, name, getattr(ResponseHeaders, name))
    web._read_headers_at_once()
    assert told(HttpResponse(headers={"X-One": "1", "x-two": "2"})) == ordinary


def test_a_request_has_nothing_of_the_process(monkeypatch):
    """The server lends its own variables to each request: an error report or a page would tell the secrets."""
    from granian import wsgi

    import config.wsgi
    from config import web

    monkeypatch.setattr(wsgi, "os", wsgi.os)
    for name, value in (("ENT_SECRET_KEY", "secret"), ("HTTP_PROXY", "http://proxy"), ("CONTENT_TYPE", "text/plain")):
        monkeypatch.setenv(name, value)
    said: list[bytes] = []
    proto = SimpleNamespace(response_bytes=lambda _status, _headers, body: said.append(body))
    monkeypatch.setattr(web, "_shorten_the_way", lambda: None)  # it lasts as long as the process
    monkeypatch.setattr(config.wsgi, "application", lambda environ, _start: [json.dumps(environ, default=str).encode()])
    asked = {"PATH_INFO": "/", "HTTP_HOST": "narbonne.localhost"}
    wsgi._callback_wrapper(web.application(), {"url_path_prefix": None})(proto, asked)
    (body,) = said
    seen = json.loads(body)
    assert seen.items() >= asked.items()
    assert {name for name in seen if name.isupper()} == {*asked, "GATEWAY_INTERFACE", "SCRIPT_NAME", "SERVER_SOFTWARE"}
