"""Activation codes: derived, so that a sheet prints again without the code being stored anywhere.

A code is the HMAC-SHA256 of (schema, account, generation) under the installation's key, in an alphabet without
look-alikes: 30 characters, 8 of them, 39 bits, tried against a throttle. What is stored is a keyed digest of the code
(`code_digest`), so that a typed code finds its account by an index, and a stolen database opens nothing. Changing the
generation revokes it.
"""

import hmac
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from django.conf import settings

from core.tenancy import current_schema

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, no U
LENGTH = 8
PAIRS = [first + second for second in ALPHABET for first in ALPHABET]  # two letters a division


def code_of(user: Any) -> str:
    """« K7PM-R4TW »."""
    return code_for(user.pk, user.code_generation)


def code_for(key: Any, generation: int) -> str:
    """The same, of an account that has no object: `key` is its id."""
    letters = _letters(_hmac()("code", f"{key}:{generation}"))
    return f"{letters[:4]}-{letters[4:]}"


def _letters(digest: bytes) -> str:
    number = int.from_bytes(digest) % len(ALPHABET) ** LENGTH  # small from here on: 8,000 codes at once
    pairs = []
    for _turn in range(LENGTH // 2):
        number, index = divmod(number, len(PAIRS))
        pairs.append(PAIRS[index])
    return "".join(pairs)


def digest_of(code: str) -> str:
    return _hmac()("digest", normalise(code)).hex()


def first_digests(keys: Iterable[Any]) -> list[str]:
    """`digest_of` the first code of each of these accounts: for thousands at once."""
    digest = _hmac()
    return [digest("digest", _letters(digest("code", f"{key}:1"))).hex() for key in keys]


def normalise(typed: str) -> str:
    """Spaces, dashes and case don't matter."""
    return "".join(filter(str.isalnum, typed.upper()))


def _hmac() -> Callable[[str, str], bytes]:
    """(purpose, value) → digest, in the schema we are in now."""
    key, schema = settings.SECRET_KEY.encode(), current_schema()
    return lambda purpose, value: hmac.digest(key, f"ent.activation:{purpose}:{schema}:{value}".encode(), sha256)
