"""How a password is kept: Argon2id (RFC 9106), by libsodium, whose code follows the processor it finds.

An encoded one is Django's: `argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash`, the last two in base64 without padding.
"""

import base64
import re
import secrets
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, must_update_salt
from nacl import bindings
from nacl.exceptions import InvalidkeyError

SALT, DIGEST = 16, 32  # bytes: what RFC 9106 § 3.1 recommends, and the length of its tag
# (KiB, passes), one lane: the least memory of OWASP's list (Password Storage Cheat Sheet), then what was chosen before.
COST, FORMER = (7_168, 5), (19_456, 2)
KEPT_WITH = re.compile(r"\$m=(\d+),t=(\d+),p=1\$")


class Hasher(BasePasswordHasher):
    """What was hashed at another cost stays good (ADR 42)."""

    algorithm = "argon2"
    library = "nacl.bindings"

    def salt(self) -> str:
        return _base64(secrets.token_bytes(SALT))

    def encode(self, password: str, salt: str) -> str:
        self._check_encode_args(password, salt)
        found = _hash(password, base64.b64decode(f"{salt}==", validate=True), COST)
        memory, passes = COST
        return f"{self.algorithm}$argon2id$v=19$m={memory},t={passes},p=1${salt}${_base64(found)}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, variety, version, cost, salt, found = encoded.split("$")
        parts = {"algorithm": algorithm, "variety": variety, "version": version, "cost": cost}
        return parts | {"salt": salt, "hash": found}

    def verify(self, password: str, encoded: str) -> bool:
        phc = encoded.removeprefix(self.algorithm)
        try:
            return bindings.crypto_pwhash_str_verify(phc.encode(), password.encode())
        except InvalidkeyError:
            return False

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        decoded = self.decode(encoded)
        return {name: decoded[name] for name in ("algorithm", "variety", "cost")}

    def must_update(self, encoded: str) -> bool:
        return _cost_of(encoded) != COST or must_update_salt(self.decode(encoded)["salt"], self.salt_entropy)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """`spend` does it, which also knows of accounts that don't exist."""


def spend(password: str, encoded: str = "") -> None:
    """After a refusal: as much as is left of all costs together once `encoded` was looked at, so that the time tells
    neither whether there is an account nor since when.
    """
    for cost in (COST, FORMER):
        if cost != _cost_of(encoded):
            _hash(password, bytes(SALT), cost)


def _cost_of(encoded: str) -> tuple[int, ...]:
    found = KEPT_WITH.search(encoded)
    return tuple(map(int, found.groups())) if found else ()


def _hash(password: str, salt: bytes, cost: tuple[int, int]) -> bytes:
    memory, passes = cost
    kind = bindings.crypto_pwhash_ALG_ARGON2ID13
    return bindings.crypto_pwhash_alg(DIGEST, password.encode(), salt, passes, memory * 1024, kind)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).rstrip(b"=").decode()
