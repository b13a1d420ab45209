"""Is this file a changed copy of one of ours? Found in its raw bytes: a stranger's file meets no PDF parser.

A PDF parser follows what the file tells it to; these few bounded searches do not.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from asn1crypto import cms
from asn1crypto.core import Asn1Value

from shared_apps.signing import keys

RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{0,9}\]")
AT_MOST = 8  # signatures looked at
LONGEST = 200_000  # of a signature, in hexadecimal digits
# The title, which each of our files says in the clear; a changed one may have lost it.
OURS = re.compile(rb"(?:Convention|Avenant) n\xc2\xb0.{1,4}\d{4}-\d{4}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature by our seal. `is_intact`: what it covers was not touched; `covers`: up to which byte."""

    is_intact: bool
    covers: int


def found_in(data: bytes) -> list[Mark]:
    ranges = [tuple(map(int, match.groups())) for match in RANGE.finditer(data)][:AT_MOST]
    seal = keys.seal() if ranges else None
    return [mark for found in ranges if seal and (mark := _mark(data, seal, *found)) is not None]


def says_it_is_ours(data: bytes) -> bool:
    return OURS.search(data) is not None


def is_encrypted(data: bytes) -> bool:
    return b"/Encrypt" in data


def _mark(data: bytes, seal: keys.Seal, start: int, length: int, after: int, rest: int) -> Mark | None:
    if start or not 0 < after - length <= LONGEST or after + rest > len(data) + LONGEST:
        return None
    digits = data[length + 1 : after - 1]
    try:
        signed = cms.ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]
        if not any(seal.is_ours(choice.chosen) for choice in signed["certificates"]):
            return None
        told = _told_digest(signed["signer_infos"][0]["signed_attrs"])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):  # broken on purpose or by accident
        return None
    return Mark(sha256(data[:length] + data[after : after + rest]).digest() == told, after + rest)


def _told_digest(attributes: Asn1Value) -> bytes:
    return next(a["values"][0].native for a in attributes if a["type"].native == "message_digest")
