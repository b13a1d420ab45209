"""What the public may read: no count under five, nor one that the others of its column would give back."""

from collections.abc import Sequence
from typing import Any

SMALLEST = 5


def masked(value: int | None) -> int | None:
    return None if value is None or value < SMALLEST else value


def masked_column(values: Sequence[int]) -> list[int | None]:
    """Parts of a total that is shown: one masked alone is the total less the others, so the next smallest goes too."""
    found = [masked(value) for value in values]
    shown = [at for at, value in enumerate(found) if value is not None]
    hidden = [values[at] for at, value in enumerate(found) if value is None]
    if shown and hidden and sum(hidden) > 0 and (len(hidden) == 1 or sum(hidden) < SMALLEST):
        found[min(shown, key=lambda at: (values[at], at))] = None
    return found


def masked_rows(rows: Sequence[dict[str, Any]], counts: Sequence[str]) -> list[dict[str, Any]]:
    """Rows whose counts are parts of a total."""
    columns = {name: masked_column([row[name] for row in rows]) for name in counts}
    return [row | {name: columns[name][at] for name in counts} for at, row in enumerate(rows)]
