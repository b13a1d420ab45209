"""Cache keys name their commune (`CACHES["default"]["KEY_FUNCTION"]`)."""

from collections.abc import Iterator
from typing import Any

from django.core.cache import caches

from core.tenancy import current_schema


def make_key(key: str, key_prefix: str, version: int) -> str:
    return f"{key_prefix}:{current_schema()}:{version}:{key}"


def forget_schema(schema: str) -> int:
    """Every key of a commune that is no more. Returns how many; None was kept anywhere else."""
    found = list(_keys_of(schema))
    for key in found:
        _delete_raw(key)
    return len(found)


def _keys_of(schema: str) -> Iterator[Any]:
    backend: Any = caches["default"]
    if hasattr(backend._cache, "get_client"):  # Redis
        client = backend._cache.get_client(write=True)
        yield from client.scan_iter(match=f"*:{schema}:*", count=1000)
    else:  # in memory, of this process
        yield from [key for key in backend._cache if f":{schema}:" in key]


def _delete_raw(key: Any) -> None:
    backend: Any = caches["default"]
    if hasattr(backend._cache, "get_client"):
        backend._cache.get_client(write=True).delete(key)
    else:
        backend._cache.pop(key, None)
        backend._expire_info.pop(key, None)
