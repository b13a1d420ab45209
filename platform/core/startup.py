"""What a server process asks itself before it serves: the checks of `manage.py check` are not run by wsgi or celery."""

import logging

from django.core.checks import ERROR, CheckMessage, run_checks

from core.checks import OURS

log = logging.getLogger(__name__)


class UnsafeStartError(SystemExit):
    """The process must not serve: the sentences say why."""


def refuse_unsafe_start() -> None:
    """Raises `UnsafeStartError` when one of our checks finds an error; tells what it could not check."""
    found = run_checks(tags=[OURS], databases=["default"])
    for message in found:
        log.warning("startup.check", extra={"check": message.id, "words": message.msg})
    errors = [message for message in found if message.level >= ERROR]
    if errors:
        raise UnsafeStartError("\n".join(_sentence(error) for error in errors))


def _sentence(error: CheckMessage) -> str:
    return f"{error.id}: {error.msg}"
