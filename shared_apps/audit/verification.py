"""Does the chain hold? Alone it shows an entry that was changed, removed or moved; against a head kept elsewhere,
also a chain that was cut or written anew.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from core.tenancy import current_schema
from shared_apps.audit.models import Entry
from shared_apps.audit.services import GENESIS, digest


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain at some moment: what is exported, to be kept out of the database's reach."""

    schema: str
    sequence: int
    hash: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain breaks, and how: `changed`, `missing` or moved, `cut` (shorter than a kept head), `rewritten`."""

    sequence: int
    kind: str


def head() -> Head | None:
    """Of the current schema; None while nothing was recorded."""
    last = Entry.objects.order_by("-sequence").first()
    return Head(current_schema(), last.sequence, last.hash) if last else None


def first_flaw(kept: Iterable[Head] = ()) -> Flaw | None:
    """Reads the whole chain of the current schema, in the order of its ranks. `kept`: heads exported before."""
    expected = {anchor.sequence: anchor.hash for anchor in kept}
    previous_hash, sequence = GENESIS, 0
    for entry in Entry.objects.order_by("sequence").iterator():
        sequence += 1
        if entry.sequence != sequence or entry.previous_hash != previous_hash:
            return Flaw(sequence, "missing")
        if entry.hash != digest(entry):
            return Flaw(sequence, "changed")
        if expected.pop(sequence, entry.hash) != entry.hash:
            return Flaw(sequence, "rewritten")
        previous_hash = entry.hash
    return Flaw(sequence + 1, "cut") if expected else None
