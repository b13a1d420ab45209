"""What two schemas write to each other through a person's browser: opaque, dated, for one reader.

| letter | written by → read by | says | life |
|---|---|---|---|
| proposal, answer, end | A → B, B → A, A → B | the pair being linked | 10 min |
| asking | where one wants to enter → where one is signed in | the number of this browser's request | 10 min |
| opening | the reverse | that number, and whom to open to | 60 s |
| children | A → B, handed to A's page | the pair | 2 min |
| support_asking, support_opening | a commune ↔ the academy | the same, for an access that was granted | 10 min, 60 s |

Nobody's name, identifier or account is in one. A reader that opens something keeps the number of the letter, so that
it serves once.
"""

from dataclasses import dataclass
from typing import Any

from core import signing
from core.ids import uuid7
from tenants.neighbours import Neighbour, neighbour

MINUTE = 60
LIFE = {
    "proposal": 10 * MINUTE,
    "answer": 10 * MINUTE,
    "end": 10 * MINUTE,
    "asking": 10 * MINUTE,
    "opening": MINUTE,
    "children": 2 * MINUTE,
    "support_asking": 10 * MINUTE,
    "support_opening": MINUTE,
}


class UnreadableLetter(Exception):
    """Forged, for somebody else, too old, or from a commune that does not answer."""


@dataclass(frozen=True, slots=True)
class Letter:
    kind: str
    sender: Neighbour
    number: str
    data: dict[str, Any]


def write(kind: str, *, to: Neighbour, data: dict[str, Any]) -> str:
    return signing.dumps_for(to.schema, [str(uuid7()), data], purpose=f"letter.{kind}")


def read(kind: str, text: str) -> Letter:
    """Raises UnreadableLetter."""
    try:
        schema, (number, data) = signing.loads_letter(text, purpose=f"letter.{kind}", max_age=LIFE[kind])
    except (signing.signing.BadSignature, ValueError) as error:
        raise UnreadableLetter(kind) from error
    sender = neighbour(schema)
    if sender is None:
        raise UnreadableLetter(kind)
    return Letter(kind, sender, number, data)
