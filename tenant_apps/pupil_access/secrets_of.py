"""What a pupil comes in with, derived and never stored: HMAC-SHA256 of (commune, pupil, generation) under the
installation's key, as activation codes are. What is stored are keyed digests, by which a typed code finds its row.

- pictures: 3 of 12 in order before CP (1,320), 4 from CP on (11,880): little, so tried only on a device that was
  shown an open class, five times;
- card: 8 letters of 30 (39 bits), in the QR picture and under it;
- password: two words of 128 and a number (20 bits), given to the account by its teacher;
- code on the board: 6 letters (29 bits), for one opening of one class.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from core.tenancy import current_schema
from shared_apps.accounts.codes import ALPHABET, normalise
from tenant_apps.pupil_access.pictures import PICTURES

CARD_LENGTH, BOARD_LENGTH = 8, 6
WORDS = (Path(__file__).parent / "data" / "mots.txt").read_text(encoding="utf-8").split()


def pictures_of(key: Any, count: int) -> list[str]:
    """The names of the child's pictures, in order. A longer sequence begins as the shorter one."""
    number, left, found = _number("pictures", _of(key)), list(PICTURES), []
    for _turn in range(count):
        number, index = divmod(number, len(left))
        found.append(left.pop(index))
    return found


def is_sequence(key: Any, tried: Sequence[str], count: int) -> bool:
    return hmac.compare_digest(" ".join(tried).encode(), " ".join(pictures_of(key, count)).encode())


def card_of(key: Any) -> str:
    """« K7PM-R4TW »."""
    letters = _letters(_number("card", _of(key)), CARD_LENGTH)
    return f"{letters[:4]}-{letters[4:]}"


def password_of(key: Any) -> str:
    """« lapin-tulipe-27 »."""
    number = _number("password", _of(key))
    number, first = divmod(number, len(WORDS))
    number, second = divmod(number, len(WORDS))
    return f"{WORDS[first]}-{WORDS[second]}-{10 + number % 90}"


def board_code_of(door: Any) -> str:
    return _letters(_number("board", f"{door.pk}:{door.opening}"), BOARD_LENGTH)


def digest_of(purpose: str, code: str) -> str:
    return _hmac(f"digest:{purpose}", normalise(code)).hex()


def seal_of(password_hash: str) -> str:
    return _hmac("seal", password_hash).hex()


def _of(key: Any) -> str:
    return f"{key.pupil_id}:{key.generation}"


def _letters(number: int, length: int) -> str:
    letters = []
    for _turn in range(length):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def _number(purpose: str, value: str) -> int:
    return int.from_bytes(_hmac(purpose, value))


def _hmac(purpose: str, value: str) -> bytes:
    message = f"ent.pupil:{purpose}:{current_schema()}:{value}"
    return hmac.digest(settings.SECRET_KEY.encode(), message.encode(), sha256)
