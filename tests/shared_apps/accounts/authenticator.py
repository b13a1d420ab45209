"""A passkey in software: what a browser would answer to the options of a page (ES256, no attestation)."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

USER_PRESENT, ATTESTED = 0x01, 0x40


class Authenticator:
    def __init__(self, host: str) -> None:
        self.host, self.origin = host, f"https://{host}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.number, self.count = secrets.token_bytes(16), 0

    def create(self, options: dict[str, Any]) -> str:
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.number).to_bytes(2) + self.number + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], USER_PRESENT | ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"attestationObject": made}, self._client("webauthn.create", options["challenge"]))

    def get(self, options: dict[str, Any]) -> str:
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], USER_PRESENT)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"authenticatorData": data, "signature": signed}, client)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, parts: dict[str, bytes], client: bytes) -> str:
        number = bytes_to_base64url(self.number)
        response = {name: bytes_to_base64url(value) for name, value in (parts | {"clientDataJSON": client}).items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})

    @classmethod
    def copy_of(cls, other: "Authenticator", host: str = "") -> "Authenticator":
        made = cls(host or other.host)
        made.key, made.number, made.count = other.key, other.number, other.count
        return made
