"""Start-up checks: what must never be true in production stops the process with a sentence."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def demo_stays_on_loopback(**kwargs: Any) -> list[Error]:
    """The demo signs anybody in: it must not leave `*.localhost`."""
    if settings.ENT_DEMO and settings.ENT_DOMAIN != "localhost":
        return [Error("ENT_DEMO is accepted on localhost only.", id="ent.E001")]
    if settings.ENT_DEMO and settings.SETTINGS_MODULE.endswith("production"):
        return [Error("ENT_DEMO is refused in production.", id="ent.E002")]
    return []


@register(Tags.security)
def plain_http_stays_on_localhost(**kwargs: Any) -> list[Error]:
    """`__Host-` cookies need https, but on `*.localhost`, which browsers hold secure."""
    if settings.ENT_PORT and settings.ENT_DOMAIN != "localhost":
        return [
            Error(
                "Plain http is accepted on localhost only: leave ENT_PORT empty behind https.", id="ent.E003"
            )
        ]
    return []


@register(Tags.database)
def set_calls_are_not_limited(**kwargs: Any) -> list[Error]:
    """The library's shortcut read another commune after a savepoint: it stays off."""
    if getattr(settings, "TENANT_LIMIT_SET_CALLS", False):
        return [Error("TENANT_LIMIT_SET_CALLS must stay False.", id="ent.E004")]
    return []


@register(Tags.security)
def cache_keys_name_their_commune(**kwargs: Any) -> list[Error]:
    wrong = [
        alias
        for alias, cache in settings.CACHES.items()
        if cache.get("KEY_FUNCTION") != "core.cache.make_key"
    ]
    if wrong:
        return [Error(f"Caches without the commune in their keys: {', '.join(wrong)}.", id="ent.E005")]
    return []
