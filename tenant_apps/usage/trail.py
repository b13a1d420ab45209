"""The running day: who came, as pseudonyms of a day, in the cache's own server and never in a table or a backup.

A member of the day's set is a visit (`v|uai|profile|service|half-hour|device|pseudonym`) or a connection
(`c|uai|profile|pseudonym`). The pseudonym is a keyed hash; the key is drawn at random for a commune and a day, and both
are thrown away once the day is counted. A cache that was lost loses the running day's count, and nothing else.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.cache import caches

LASTS = timedelta(days=8)  # of a day that its commune could not count


class RedisStore:
    def __init__(self, client: Any) -> None:
        self.client = client

    def add(self, schema: str, day: date, members: Iterable[str]) -> None:
        name, index = f"usage:{schema}:{day}", f"usage:{schema}"
        with self.client.pipeline(transaction=False) as line:
            line.sadd(name, *members)
            line.sadd(index, day.isoformat())
            line.expire(name, LASTS)
            line.expire(index, LASTS)
            line.execute()

    def days(self, schema: str) -> list[date]:
        return sorted(date.fromisoformat(_text(day)) for day in self.client.smembers(f"usage:{schema}"))

    def members(self, schema: str, day: date) -> set[str]:
        return {_text(member) for member in self.client.smembers(f"usage:{schema}:{day}")}

    def key(self, schema: str, day: date) -> bytes:
        name = f"usage-key:{schema}:{day}"
        self.client.set(name, secrets.token_hex(32), nx=True, ex=LASTS)
        return self.client.get(name)

    def forget(self, schema: str, day: date) -> None:
        self.client.delete(f"usage:{schema}:{day}", f"usage-key:{schema}:{day}")
        self.client.srem(f"usage:{schema}", day.isoformat())


class MemoryStore:
    """For the suite, and for who runs without a cache server."""

    def __init__(self) -> None:
        self.sets: dict[tuple[str, date], set[str]] = defaultdict(set)
        self.keys: dict[tuple[str, date], bytes] = {}

    def add(self, schema: str, day: date, members: Iterable[str]) -> None:
        self.sets[schema, day].update(members)

    def days(self, schema: str) -> list[date]:
        return sorted(day for name, day in self.sets if name == schema)

    def members(self, schema: str, day: date) -> set[str]:
        return set(self.sets[schema, day])

    def key(self, schema: str, day: date) -> bytes:
        return self.keys.setdefault((schema, day), secrets.token_bytes(32))

    def forget(self, schema: str, day: date) -> None:
        self.sets.pop((schema, day), None)
        self.keys.pop((schema, day), None)


_memory = MemoryStore()


def store() -> Any:
    own = getattr(caches["default"], "_cache", None)
    return RedisStore(own.get_client(write=True)) if hasattr(own, "get_client") else _memory


def pseudonym(key: bytes, text: str) -> str:
    return hashlib.blake2b(text.encode(), key=key, digest_size=9).hexdigest()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else value
