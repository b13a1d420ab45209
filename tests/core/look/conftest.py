"""The gallery behind a door of its own: no commune, no account, no database."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.template import engines
from django.test import Client

from core import frontend

ROOT = Path(__file__).resolve().parents[3]


class Undefined(str):
    """What a template prints for a name it does not know: here, an error."""

    def __contains__(self, part: str) -> bool:
        return part == "%s"

    def __mod__(self, name: Any) -> str:
        raise AssertionError(f"undefined in a template: {name}")


@pytest.fixture
def gallery_settings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.ROOT_URLCONF = "tests.core.look.urls"
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    settings.ALLOWED_HOSTS = ["*"]
    settings.ENT_DEMO = True
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))
    return settings


@pytest.fixture
def visitor(gallery_settings: Any) -> Client:
    return Client()


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder of built files that the pages find, empty at first."""
    folder = tmp_path / "frontend"
    (folder / frontend.BUILD).mkdir(parents=True)
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "collected"  # what a demo collected on this machine is not looked at
    _forget()
    yield folder / frontend.BUILD
    _forget()


def _forget() -> None:
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    for cached in (frontend.fonts_url, frontend.sprite_url, frontend.emoji_url):
        cached.cache_clear()


@pytest.fixture(scope="module")
def chromium() -> str:
    found = os.environ.get("ENT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found and os.environ.get("CI") == "true":
        pytest.fail("Chromium est introuvable : la galerie n’est pas regardée.")
    if not found:
        pytest.skip("pas joué : Chromium est introuvable")
    return found


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def address(gallery_settings: Any) -> Iterator[str]:
    """The gallery and the static files, served for a browser."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
