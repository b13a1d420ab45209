"""What may be read: no count under five, nor one that the others of its total would give back."""

from collections.abc import Collection, Sequence

SMALLEST = 5


def held_back(
    values: Sequence[int], *, least: int = 0, wholes: Sequence[int] = (), also: Collection[int] = ()
) -> tuple[set[int], bool]:
    """Places of the parts of a total that are not told; and whether the total may be, beside the others.

    Small: from `least` to four. `wholes`: what each part is known not to pass. `also`: held back for another reason.
    The smallest of the others are held back too, until none can be worked out.
    """
    hidden = {at for at, value in enumerate(values) if least <= value < SMALLEST} | set(also)
    others = sorted({at for at, value in enumerate(values) if value >= SMALLEST} - hidden, key=lambda at: -values[at])
    while others and _is_told(values, hidden, least, wholes):
        hidden.add(others.pop())
    return hidden, not _is_told(values, hidden, least, wholes)


def _is_told(values: Sequence[int], hidden: set[int], least: int, wholes: Sequence[int]) -> bool:
    """One of the parts follows from their sum and from what each may be; or the sum itself is small."""
    total = sum(values[at] for at in hidden)
    bounds = [_bounds(values[at], least, wholes[at] if wholes else total) for at in hidden]
    lows, highs = sum(low for low, _high in bounds), sum(high for _low, high in bounds)
    found = any(max(low, total - highs + high) == min(high, total - lows + low) for low, high in bounds)
    return bool(hidden) and (total < SMALLEST or found)


def _bounds(value: int, least: int, whole: int) -> tuple[int, int]:
    return (least, min(SMALLEST - 1, whole)) if value < SMALLEST else (SMALLEST, whole)
