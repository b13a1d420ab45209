"""The web server: processes of a few threads, each of which keeps one database session (ADR 39).

    python -m config.web [ADDRESS:PORT]

`ENT_WEB_PROCESSES` and `ENT_WEB_THREADS` say how many. A process that dies is replaced; at SIGTERM what is being
answered is answered.
"""

import gc
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import granian.wsgi
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

HEADERS_AT_MOST = 65_536  # bytes
# Milliseconds, idle time between two requests included: longer than the proxy keeps its side (60 s by default), for the
# one who closes first must be the proxy.
HEADERS_WITHIN = 75_000
# Seconds. A thread that has nothing to do takes its database session with it.
IDLE, GRACE = 600, 30


def main() -> None:
    from core.observability.logs import logging_config

    address, _, port = (sys.argv[1:] or ["0.0.0.0:8000"])[0].rpartition(":")
    Server(
        "config.web:application",
        address=address,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, max_buffer_size=HEADERS_AT_MOST),
        websockets=False,
        workers=int(os.environ.get("ENT_WEB_PROCESSES", "2")),
        blocking_threads=int(os.environ.get("ENT_WEB_THREADS", "8")),
        blocking_threads_idle_timeout=IDLE,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        # Ours says what was asked, without addresses nor query strings.
        log_access=False,
        log_dictconfig=logging_config(json=not os.environ.get("ENT_DEMO")),
    ).serve()


def application() -> Application:
    """Django, ready for its first request. The server makes it before it prepares what it tells of each request."""
    from config.wsgi import application as django

    _lend_nothing()
    _look_at_all_routes()
    _shorten_the_way()
    _keep_what_is_loaded()
    return _in_one_piece(django)


def _in_one_piece(django: Application) -> Application:
    """A page that is whole in memory goes to the server whole: piece by piece costs it a detour for each, and one to
    learn that there are no more.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        response: Any = django(environ, start)
        if getattr(response, "streaming", True):  # files, whose parts are read one by one
            return response
        response.close()
        return [response.content]

    return answer


def _lend_nothing() -> None:
    """The server adds the variables of the process to each request, secrets among them: it finds none."""
    granian.wsgi.os = SimpleNamespace(environ={})  # type: ignore[attr-defined]


def _look_at_all_routes() -> None:
    """Views and addresses are read before the first request, which would wait a second for them."""
    from django.conf import settings
    from django.urls import get_resolver

    for routes in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        get_resolver(routes)._populate()


def _shorten_the_way() -> None:
    """Of what each page passes by a hundred times (ADR 40)."""
    from django.conf import LazySettings
    from django.core.cache import caches
    from django.core.signals import request_started
    from django.db import connections, reset_queries
    from django.middleware import csrf
    from django.urls import base as urls
    from django.utils import timezone
    from django.utils.translation import trans_real as translation

    from core.csrf import drawn

    # Logging HOWTO, « Optimization »: our lines say neither the place in the source nor the thread nor the process.
    logging._srcfile = None  # type: ignore[attr-defined]
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # A thread here serves one request after the other and has no event loop: the standard library's local is enough.
    connections.close_all()
    for handler in (connections, caches):
        handler._connections = threading.local()
    urls._prefixes, urls._urlconfs = threading.local(), threading.local()
    translation._active, timezone._active = threading.local(), threading.local()
    csrf._get_new_csrf_string = drawn  # type: ignore[attr-defined]
    # Queries are not noted here: there are none to forget at each request.
    request_started.disconnect(reset_queries)
    _compile_expressions()
    _read_headers_at_once()
    # It hides what a wrapped object's class lends; settings are plain values.
    LazySettings.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]


def _compile_expressions() -> None:
    """Django's modules compile theirs at the first use, and ask at each of the others whether that was done."""
    from django.utils.functional import SimpleLazyObject

    for module in [module for name, module in sys.modules.items() if name.startswith("django.")]:
        for name, value in list(vars(module).items()):
            if type(value) is SimpleLazyObject and isinstance(value, re.Pattern):
                setattr(module, name, re.compile(value.pattern, value.flags))


def _read_headers_at_once() -> None:
    """Those of a response are a mapping that Python's `Mapping` completes from `__getitem__`: to ask whether there is
    one costs an exception, to list them a call for each.
    """
    from django.http.response import ResponseHeaders

    def has(headers: Any, name: str) -> bool:
        return name.lower() in headers._store

    def get(headers: Any, name: str, default: Any = None) -> Any:
        found = headers._store.get(name.lower())
        return default if found is None else found[1]

    def items(headers: Any) -> Any:
        return headers._store.values()

    ResponseHeaders.__contains__, ResponseHeaders.get, ResponseHeaders.items = has, get, items  # type: ignore[method-assign, assignment]


def _keep_what_is_loaded() -> None:
    """A quarter of a million objects that last as long as the process: the collector need not go through them again,
    nor come after each 700 new ones.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


if __name__ == "__main__":
    main()
