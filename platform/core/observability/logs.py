"""Log lines: JSON on stdout in production, plain on a developer's machine.

Our own messages are names of events (`hosts.listener_lost`); facts go in `extra`, and only those of
`scrub.FIELDS` are written.
"""

import logging
import re
import secrets
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.orjson import OrjsonFormatter

from core.observability import scrub
from core.observability.requests import current_schema, method_of, route_of, schema_of

GetResponse = Callable[[HttpRequest], HttpResponse]

access = logging.getLogger("core.access")
_request_id: ContextVar[str] = ContextVar("request_id", default="")

# What proxies make: 32 hexadecimal digits, or a UUID. Any other text could carry a name into the log.
_ACCEPTED_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN = (str, int, float, uuid.UUID)
_OWN_ATTRIBUTES = frozenset(RESERVED_ATTRS) | {"message", "taskName"}


# --- which request


def request_id() -> str:
    """The request (or the task) that this thread works for; empty outside."""
    return _request_id.get()


def begin(identifier: str) -> Token[str]:
    """From now on, until `end`, this thread's lines carry this identifier."""
    return _request_id.set(identifier)


def end(token: Token[str]) -> None:
    _request_id.reset(token)


def request_log(get_response: GetResponse) -> GetResponse:
    """Middleware: names the request (`X-Request-ID`) and writes one line when it is answered."""

    def middleware(request: Any) -> HttpResponse:
        request.request_id = _identify(request)
        began = time.perf_counter()
        token = begin(request.request_id)
        try:
            response = get_response(request)
            if access.isEnabledFor(logging.INFO):
                access.handle(_Answered(_facts(request, response, time.perf_counter() - began)))
        finally:
            end(token)
        response.headers["X-Request-ID"] = request.request_id
        return response

    return middleware


class _Answered(logging.LogRecord):
    """What `access.info("http.request", extra=facts)` makes, but for what no line of ours says, and the library looks
    for at each: the place in the source, the thread, the process.
    """

    _SAME = vars(access.makeRecord(access.name, logging.INFO, "", 0, "http.request", (), None))

    def __init__(self, facts: dict[str, Any]) -> None:
        self.__dict__.update(self._SAME, created=time.time(), **facts)


def _identify(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "").lower()  # `headers` would read all of them
    return given if _ACCEPTED_ID.fullmatch(given) else secrets.token_hex(16)


def _facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, Any]:
    return {
        "method": method_of(request),
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "schema": schema_of(request),
        "account_id": _account(request),
    }


def _account(request: HttpRequest) -> uuid.UUID | None:
    """The account's identifier when the request already read it: a log line must not cost a query."""
    key = getattr(getattr(request, "_cached_user", None), "pk", None)
    return key if isinstance(key, uuid.UUID) else None


# --- how a line looks


class Context(logging.Filter):
    """Adds to each record what it is about: the commune and the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "schema"):
            record.schema = current_schema()
        record.request_id = request_id()
        return True


class SafeJsonFormatter(OrjsonFormatter):
    """One JSON object a line, made of an allow-list: names, addresses, tokens and bodies have no way in."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub.message(record.msg, record.args),
        }
        line |= scrub.fields(_extra(record))
        if record.exc_info and record.exc_info[1] is not None:
            line |= scrub.describe(record.exc_info[1])
        return self.serialize_log_record(line)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN_ATTRIBUTES}


class PlainFormatter(logging.Formatter):
    """A developer's line: everything, since the people of the demo don't exist."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(schema)s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        facts = {n: v for n, v in _extra(record).items() if isinstance(v, _SHOWN)}
        shown = " ".join(f"{n}={v}" for n, v in facts.items() if n not in ("schema", "request_id"))
        return f"{super().formatMessage(record)} {shown}".rstrip()


# --- settings


def logging_config(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """`LOGGING` of Django's settings, the web server's too. In production all goes to stdout; who runs us keeps it.

    On a developer's machine, to stderr: the output of commands stays what they print.
    """
    quiet = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": Context}},
        "formatters": {"line": {"()": SafeJsonFormatter if json else PlainFormatter}},
        "handlers": {
            "stream": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout" if json else "ext://sys.stderr",
                "filters": ["context"],
                "formatter": "line",
            },
        },
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Takes the place of Django's defaults, which mail errors, bodies included, to administrators.
            "django": quiet | {"level": "INFO"},
            "django.server": quiet | {"level": "WARNING"},
            # The access line says it already.
            "django.request": quiet | {"level": "ERROR"},
            # At DEBUG this one writes every query with its values.
            "django.db.backends": quiet | {"level": "WARNING"},
            "_granian": quiet | {"level": "INFO"},
            # Its line holds addresses and query strings: ours replaces it.
            "granian.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
            # It would warn at each signature by the demo's authority, which has nobody to ask.
            "pyhanko.sign.signers": quiet | {"level": "ERROR"},
            "celery": quiet | {"level": level},
            "celery.beat": quiet | {"level": "WARNING"},
            # Its « received » and « succeeded » lines hold arguments and results: ours replace them.
            "celery.worker.strategy": quiet | {"level": "WARNING"},
            "celery.app.trace": quiet | {"level": "WARNING"},
        },
    }
