"""The number of a school: seven digits and a letter that checks them."""

import re

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # neither I, O nor Q
_SHAPE = re.compile(r"[0-9]{7}[A-Z]\Z")


def check_letter(digits: str) -> str:
    return LETTERS[int(digits) % len(LETTERS)]


def is_uai(value: str) -> bool:
    return bool(_SHAPE.match(value)) and value[7] == check_letter(value[:7])
