"""Run apart (`python -m tests.core.observability.probe`): a page that fails while holding secrets everywhere.

Prints one JSON object: what Sentry was sent, and the log lines. Apart: Sentry patches Django for good.
"""

import io
import json
import logging
import logging.config
import sys
from typing import Any

CANARY = "Canari"


def secret(where: str) -> str:
    """A text that must not be found again; `where` tells which door let it through."""
    return f"{CANARY}-{where}"


def failing_page(request: Any, token: str) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.db import IntegrityError

    child = secret("local-variable")
    request._cached_user = AnonymousUser()
    log = logging.getLogger("core.probe")
    log.warning(f"from %s to {secret('f-string')}@example.org", secret("argument"))
    log.error("probe.error %s", secret("error-argument"))
    try:
        raise ValueError(secret("cause"))
    except ValueError as error:
        raise IntegrityError(f"Key (email)=({secret('exception')}) of {child} already exists.") from error


def main() -> None:
    import django
    import sentry_sdk
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory
    from django.urls import path
    from sentry_sdk.transport import Transport

    from core.observability import logs, sentry

    class Kept(Transport):
        envelopes: list[str] = []

        def capture_envelope(self, envelope: Any) -> None:
            self.envelopes.append(envelope.serialize().decode())

    stream = sys.stdout = io.StringIO()
    settings.MIDDLEWARE = ["core.observability.logs.request_log"]
    sys.modules[__name__].urlpatterns = [path("signed/<str:token>/", failing_page, name="signed")]
    settings.ROOT_URLCONF = __name__
    django.setup()
    logging.config.dictConfig(logs.logging_config(json=True, level="DEBUG"))
    sentry.start("https://key@sentry.invalid/1", transport=Kept)
    sentry_sdk.set_user({"id": "0193a1c2-0000-7000-8000-000000000001", "email": secret("user")})
    sentry_sdk.set_tag("teacher", secret("tag"))
    sentry_sdk.set_extra("child", secret("extra"))
    sentry_sdk.set_context("school", {"name": secret("context")})
    sentry_sdk.add_breadcrumb(message=secret("breadcrumb"))

    request = RequestFactory().post(
        f"/signed/{secret('path')}/?q={secret('query')}",
        {"name": secret("body")},
        headers={
            "cookie": f"session={secret('cookie')}",
            "authorization": secret("authorization"),
            "x-forwarded-for": secret("forwarded"),
            "x-request-id": secret("request-id"),
            "user-agent": secret("agent"),
            "referer": secret("referer"),
        },
    )
    # By the server's own door: Sentry reads the request there.
    WSGIHandler()(request.environ, lambda status, headers: None)
    sentry_sdk.flush()
    sys.stdout = sys.__stdout__
    print(json.dumps({"events": Kept.envelopes, "lines": stream.getvalue().splitlines()}))  # noqa: T201


if __name__ == "__main__":
    main()
