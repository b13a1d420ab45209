"""Start-up checks: what must never be true in production stops the process with a sentence.

`manage.py check` runs them; so do the web server and the worker before they serve (`core.startup`).
"""

import os
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

OURS = "ent"

# The ways in which communes were seen to mix, elsewhere or in our trials.
FIXED = {
    "TENANT_LIMIT_SET_CALLS": (False, "the library's shortcut read another commune after a savepoint"),
    "PG_EXTRA_SEARCH_PATHS": ((), "the path is the engine's affair"),
    "USE_X_FORWARDED_HOST": (False, "a header would choose the commune"),
    "SESSION_COOKIE_DOMAIN": (None, "a cookie of one commune would be sent to the others"),
    "CSRF_COOKIE_DOMAIN": (None, "a cookie of one commune would be sent to the others"),
}


@register(OURS, Tags.security)
def isolation_settings_are_untouched(**kwargs: Any) -> list[Error]:
    return [
        Error(f"{name} must stay {wanted!r}: {reason}.", id="ent.E004")
        for name, (wanted, reason) in FIXED.items()
        if (getattr(settings, name, wanted) or wanted) != wanted
    ]


@register(OURS, Tags.security)
def cache_keys_name_their_commune(**kwargs: Any) -> list[Error]:
    wrong = [alias for alias, cache in settings.CACHES.items() if cache.get("KEY_FUNCTION") != "core.cache.make_key"]
    if wrong:
        return [Error(f"Caches without the commune in their keys: {', '.join(wrong)}.", id="ent.E005")]
    return []


@register(OURS, Tags.security)
def demo_stays_on_loopback(**kwargs: Any) -> list[Error]:
    """The demo signs anybody in: it must not leave `*.localhost`."""
    if not settings.ENT_DEMO:
        return []
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"):
        return [Error("ENT_DEMO is refused in production.", id="ent.E002")]
    if settings.ENT_DOMAIN != "localhost":
        return [Error("ENT_DEMO is accepted on localhost only.", id="ent.E001")]
    return []


@register(OURS, Tags.security)
def plain_http_stays_on_localhost(**kwargs: Any) -> list[Error]:
    """`__Host-` cookies need https, but on `*.localhost`, which browsers hold secure."""
    if settings.ENT_PORT and settings.ENT_DOMAIN != "localhost":
        message = "Plain http is accepted on localhost only: leave ENT_PORT empty behind https."
        return [Error(message, id="ent.E003")]
    return []


@register(OURS, Tags.security)
def cookies_belong_to_one_host(**kwargs: Any) -> list[Error]:
    """Only the demo may drop the prefix, for browsers that refuse it on plain http."""
    if settings.ENT_DEMO:
        return []
    cookies = {
        settings.SESSION_COOKIE_NAME: settings.SESSION_COOKIE_SECURE,
        settings.CSRF_COOKIE_NAME: settings.CSRF_COOKIE_SECURE,
    }
    wrong = [name for name, secure in cookies.items() if not name.startswith("__Host-") or not secure]
    return [Error(f"Not a secure __Host- cookie: {', '.join(wrong)}.", id="ent.E006")] if wrong else []
