"""Errors to Sentry, when there is an address for it. What is sent is made anew from an allow-list."""

from importlib.metadata import version
from typing import Any
from uuid import UUID

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

from core.observability import scrub
from core.observability.logs import request_id
from core.observability.requests import current_schema

# The parts of an event that cannot hold what a person wrote.
_WHOLE = (
    *("event_id", "timestamp", "platform", "level", "logger"),
    *("environment", "release", "server_name", "sdk", "modules"),
)
_CONTEXTS = ("runtime", "os", "trace")
_FRAME = (
    *("filename", "abs_path", "function", "module", "lineno", "in_app"),
    *("context_line", "pre_context", "post_context"),
)
_HEADERS = {"content-type", "content-length", "accept-language"}


def start(dsn: str, *, environment: str = "production", **options: Any) -> bool:
    """Begin to report errors; says whether it did. Without a DSN nothing is set up nor contacted."""
    if not dsn:
        return False
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=version("ent-ecole"),
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        trace_propagation_targets=[],
        before_send=only_what_names_nobody,
        # Spans hold queries and addresses: errors only.
        before_send_transaction=lambda event, hint: None,
        integrations=[DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False)],
        **options,
    )
    return True


def only_what_names_nobody(event: Any, hint: dict[str, Any]) -> Any:
    """A new event. Bodies, cookies, addresses, messages of exceptions and unknown parts stay here."""
    kept = {name: event[name] for name in _WHOLE if name in event}
    kept["tags"] = _tags(hint)
    kept["contexts"] = {n: c for n, c in event.get("contexts", {}).items() if n in _CONTEXTS}
    if event.get("transaction_info", {}).get("source") in ("route", "component", "task"):
        kept["transaction"] = event.get("transaction", "")
    if "exception" in event:
        kept["exception"] = {"values": [_exception(value) for value in event["exception"].get("values", [])]}
    if "logentry" in event:
        kept["logentry"] = {"message": scrub.message(event["logentry"].get("message"), None)}
    if "request" in event:
        kept["request"] = _request(event["request"])
    if user := _user(event.get("user") or {}):
        kept["user"] = user
    return kept


def _tags(hint: dict[str, Any]) -> dict[str, str]:
    error = (hint.get("exc_info") or (None, None))[1]
    tags = {
        "schema": current_schema(),
        "request_id": request_id(),
        "sqlstate": scrub.sqlstate(error) if error is not None else "",
    }
    return {name: value for name, value in tags.items() if value}


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    """Its class and places. Not its message: PostgreSQL, for one, quotes the row."""
    kept: dict[str, Any] = {name: value[name] for name in ("type", "module") if name in value}
    mechanism = value.get("mechanism") or {}
    kept["mechanism"] = {name: mechanism[name] for name in ("type", "handled") if name in mechanism}
    frames = (value.get("stacktrace") or {}).get("frames", [])
    kept["stacktrace"] = {"frames": [{n: f[n] for n in _FRAME if n in f} for f in frames]}
    return kept


def _request(request: dict[str, Any]) -> dict[str, Any]:
    headers = request.get("headers") or {}
    kept = {name: value for name, value in headers.items() if name.lower() in _HEADERS}
    return {"method": request.get("method", ""), "headers": kept}


def _user(user: dict[str, Any]) -> dict[str, str]:
    try:
        return {"id": str(UUID(str(user["id"])))}
    except (KeyError, ValueError):
        return {}
