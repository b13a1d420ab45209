"""A day's pseudonyms become counts. A visit: a person, in the ENT (or in one service), in a half-hour of the clock."""

from collections import defaultdict
from collections.abc import Iterable

from shared_apps.statistics.usage.tally import Tally


def count(members: Iterable[str]) -> dict[str, Tally]:
    """UAI → counts."""
    visits: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    found: dict[str, Tally] = defaultdict(Tally)
    for member in members:
        kind, uai, *rest = member.split("|")
        if kind == "v":
            visits[uai].add(tuple(rest))
        else:
            found[uai].connections += 1
    for uai, some in visits.items():
        _count_school(found[uai], some)
    return dict(found)


def _count_school(tally: Tally, visits: set[tuple[str, ...]]) -> None:
    tally.visits = len({(slot, who) for _profile, _service, slot, _device, who in visits})
    tally.visitors = len({visit[-1] for visit in visits})
    for kind, places in _CELLS.items():
        seen = {tuple(visit[place] for place in places) for visit in visits}
        for cell in seen:
            tally.cells[f"{kind}/{'/'.join(cell[: _NAMED[kind]])}"] += 1
    for slot, _who in {(visit[2], visit[4]) for visit in visits}:
        tally.cells[f"h/{int(slot) // 2:02}"] += 1


# kind of cell → what makes one distinct (places in a visit: profile, service, slot, device, who)
_CELLS = {"p": (0, 2, 4), "u": (0, 4), "s": (0, 1, 2, 4), "v": (0, 1, 4), "d": (3, 2, 4)}
_NAMED = {"p": 1, "u": 1, "s": 2, "v": 2, "d": 1}
