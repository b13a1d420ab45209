"""What may leave the application towards operators, value by value. Deny by default.

The guarantee is by construction: values are kept when their *form* is that of an identifier that names
nobody, and replaced otherwise. Patterns over free text (`scrub`) only come on top, for libraries' sentences.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from traceback import walk_tb
from typing import Any
from uuid import UUID

HIDDEN = "*"
ROOMS = ("core", "config", "tenants", "shared_apps", "tenant_apps", "provisioning")

UUID_FORM = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SCHEMA_FORM = r"public|c_[a-z0-9_]{1,48}"
# A dotted word alone could be a person's identifier (s.ferrer): only these beginnings are known to be code.
CODE_FORM = rf"(?:{'|'.join(ROOMS)}|django|celery|kombu|granian)(?:\.[A-Za-z_]\w*)+"
_KNOWN = re.compile(rf"{UUID_FORM}|{SCHEMA_FORM}|{CODE_FORM}|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS")

_EVENT = re.compile(r"[a-z_.]+")  # `http.request`: none of what follows is in it
_MAIL = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+")
_QUERY = re.compile(r"\?\S+")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»")
# Codes, tokens, telephone and pupil numbers: a long word with a digit in it, but for a UUID.
_LONG = re.compile(rf"({UUID_FORM})|(?=[\w=-]*\d)[\w=-]{{10,}}")


def clean(value: Any) -> Any:
    """`value` itself when its form names nobody, else `*`."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    return value if isinstance(value, str) and _KNOWN.fullmatch(value) else HIDDEN


def scrub(text: str) -> str:
    """A sentence without what could be addresses, quotations, query strings or codes."""
    if _EVENT.fullmatch(text):
        return text
    for pattern in (_MAIL, _QUERY, _QUOTED):
        text = pattern.sub(HIDDEN, text)
    return _LONG.sub(lambda found: found[1] or HIDDEN, text)


def message(template: Any, args: Any) -> str:
    """A log message: the constant sentence, with those of its arguments that name nobody."""
    if not isinstance(template, str):
        return type(template).__name__
    text = template
    if args:
        kept = clean(args) if isinstance(args, Mapping) else tuple(clean(item) for item in args)
        try:
            text = template % kept
        except (TypeError, ValueError, KeyError):  # `%d` with a hidden value
            text = template
    return scrub(text)


def _matches(pattern: str) -> Callable[[Any], bool]:
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_uuid = _matches(UUID_FORM)

# The only facts a line may carry: `log.info("liaison.signed", extra={"object_id": note.id})`.
FIELDS: dict[str, Callable[[Any], bool]] = {
    "schema": _matches(SCHEMA_FORM),
    "request_id": _matches(r"[0-9a-f-]{16,40}"),
    "account_id": _uuid,
    "object_id": _uuid,
    "case_id": _uuid,
    "task_id": _uuid,
    "task": _matches(r"[a-z_]+(\.[a-z_]+){1,6}"),
    "insee": _matches(r"\d[\dAB]\d{3}"),
    "uai": _matches(r"\d{7}[A-Z]"),
    "method": _matches(r"[A-Z]{3,7}|other"),
    "route": _matches(r"[\w:./<>^$()?+*\\-]{1,160}"),
    "step": _matches(r"[a-z_]{1,40}"),
    "channel": _matches(r"[a-z_]{1,40}"),
    "state": _matches(r"[a-z_]{1,40}"),
    "error": _matches(r"[A-Za-z_]\w{0,80}"),
    "sqlstate": _matches(r"[0-9A-Z]{5}"),
    "status": _number,
    "ms": _number,
    "count": _number,
    "kind": _matches(r"[a-z_]+(\.[a-z_]+){0,4}"),  # of an effect planned in the outbox
    "sequence": _number,  # of the last audit entry, whose hash is thus kept outside the database
    "hash": _matches(r"[0-9a-f]{64}"),
    "attempt": _number,
    "pid": _number,
}


def fields(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What of `extra` may be written; the names of what was left out, under `dropped`."""
    kept: dict[str, Any] = {}
    dropped = []
    for name, given in extra.items():
        value = str(given) if isinstance(given, UUID) else given
        may_be_written = FIELDS.get(name)
        if may_be_written is not None and may_be_written(value):
            kept[name] = value
        elif value not in ("", None):
            dropped.append(name)
    if dropped:
        kept["dropped"] = sorted(dropped)
    return kept


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error, its driver's exception being the cause of Django's; else empty."""
    for candidate in (error, error.__cause__):
        code = getattr(candidate, "pgcode", None)
        if isinstance(code, str):
            return code
    return ""


def describe(error: BaseException) -> dict[str, Any]:
    """Class, SQLSTATE and places of an exception, and the classes of its causes.

    Never its message: PostgreSQL, for one, quotes the row (`Key (email)=(…) already exists`).
    """
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain and len(chain) < 5:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    told = {"error": type(error).__name__, "trace": _places(error)}
    if code := sqlstate(error):
        told["sqlstate"] = code
    if len(chain) > 1:
        told["causes"] = [type(cause).__name__ for cause in chain[1:]]
    return told


def _places(error: BaseException) -> list[str]:
    frames = [
        f"{'/'.join(PurePath(frame.f_code.co_filename).parts[-3:])}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return frames[-25:]
