"""No count under five is told, nor given back: a reader who knows the rule and every total works nothing out."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from shared_apps.statistics.masking import SMALLEST, held_back
from shared_apps.statistics.open_data import COLUMNS, WHOLES, masked
from shared_apps.statistics.usage.tally import told


@dataclass
class Cell:
    """What a reader knows of a count: between `low` and `high`, the sum of its parts."""

    low: int
    high: int
    parts: list["Cell"] = field(default_factory=list)

    def all(self) -> Iterator["Cell"]:
        yield self
        for part in self.parts:
            yield from part.all()


def worked_out(whole: Cell) -> None:
    """Narrow the bounds as far as sums allow: exact for a tree of sums."""
    while True:
        before = [(cell.low, cell.high) for cell in whole.all()]
        for cell in whole.all():
            if cell.parts:
                _narrow(cell)
        if before == [(cell.low, cell.high) for cell in whole.all()]:
            return


def _narrow(cell: Cell) -> None:
    lows, highs = sum(part.low for part in cell.parts), sum(part.high for part in cell.parts)
    cell.low, cell.high = max(cell.low, lows), min(cell.high, highs)
    for part in cell.parts:
        part.low, part.high = (
            max(part.low, cell.low - highs + part.high),
            min(part.high, cell.high - lows + part.low),
        )


def read(value: int | None, true: int, whole: int, *, least: int = 0) -> Cell:
    """The reader of a masked count is even told that it is a small one, when it is."""
    if value is not None:
        return Cell(value, value)
    return Cell(least, min(SMALLEST - 1, whole)) if true < SMALLEST else Cell(0, whole)


DRAWS = range(300)


def test_no_part_of_a_total_is_given_back():
    for seed in DRAWS:
        _parts_of_a_total(random.Random(seed))


def _parts_of_a_total(dice: random.Random) -> None:
    values = [dice.choice([0, 1, 2, 3, 4, 5, 6, 9, 40]) for _part in range(dice.randint(1, 6))]
    least = dice.choice([0, 1])
    hidden, is_enough = held_back(values, least=least)
    assert all(at in hidden for at, value in enumerate(values) if least <= value < SMALLEST)
    if not (hidden and is_enough):
        return
    cells = [read(None if at in hidden else value, value, sum(values), least=least) for at, value in enumerate(values)]
    worked_out(Cell(sum(values), sum(values), cells))
    assert all(cells[at].low < cells[at].high for at in hidden)
    assert sum(values[at] for at in hidden) >= SMALLEST


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ([67, 108, 3], {0, 2}),  # alone, it would be the total less the others
        ([67, 2, 3], {1, 2}),
        ([67, 1, 2], {0, 1, 2}),
        ([67, 108], set()),
        ([0, 60, 70], {0, 1}),
        ([4, 4, 60, 70], {0, 1, 2}),  # together eight: four each
        ([], set()),
    ],
)
def test_the_next_smallest_is_held_back_too(values, hidden):
    assert held_back(values) == (hidden, True)


@pytest.mark.parametrize("values", [[3], [2, 2], [4, 4]])
def test_a_total_that_gives_its_parts_back_may_not_be_told(values):
    assert held_back(values)[1] is False


def place(dice: random.Random, code: str) -> dict[str, object]:
    communes = dice.choice([1, 2, 3, 8, 30])
    schools = communes + dice.choice([0, 1, 4, 20])
    joined = dice.choice([0, 1, communes, dice.randint(0, communes)])
    joined = min(joined, communes)
    schools_joined = 0 if not joined else schools if joined == communes else dice.randint(joined, schools)
    facts = dict.fromkeys(COLUMNS) | {"code": code, "communes_joined": joined, "communes_with_public_school": communes}
    facts |= {"public_schools_joined": schools_joined, "public_schools": schools, "pupils": 17 * schools_joined}
    return facts | {"communes_rate": 1.0, "public_schools_rate": 1.0}


def whole_of(rows: list[dict], code: str) -> dict:
    return {name: sum(row[name] or 0 for row in rows) for name in COLUMNS[3:]} | {"niveau": "", "code": code}


def test_open_data_give_no_masked_count_back():
    for seed in DRAWS:
        _open_data(random.Random(seed))


def _open_data(dice: random.Random) -> None:
    inside = [[place(dice, f"{n}-{k}") for k in range(dice.randint(1, 4))] for n in range(dice.randint(1, 4))]
    departments = [whole_of(rows, str(n)) for n, rows in enumerate(inside)]
    whole = whole_of(departments, "")
    rows = [whole, *departments, *(row for rows in inside for row in rows)]
    true = {row["code"]: dict(row) for row in rows}
    masked(whole, departments, inside)
    for row in rows:
        assert all(row[count] is None or row[count] >= SMALLEST for count in WHOLES)
        assert row["communes_rate"] is None or row["communes_joined"] is not None
        few = row["communes_joined"] is None and true[row["code"]]["communes_joined"] < SMALLEST
        assert not (few and row["public_schools_joined"] == row["public_schools"])
    for count, limit in WHOLES.items():
        cells = {
            row["code"]: read(row[count], true[row["code"]][count], true[row["code"]].get(limit, 10**9)) for row in rows
        }
        cells[""].parts = [cells[row["code"]] for row in departments]
        for department, some in zip(departments, inside, strict=True):
            cells[department["code"]].parts = [cells[row["code"]] for row in some]
        worked_out(cells[""])
        small = [code for code, facts in true.items() if facts[count] < SMALLEST]
        assert all(cells[code].low < cells[code].high for code in small)


def test_a_breakdown_that_would_be_given_back_is_left_out():
    assert told({"p/guardian": 4, "p/head": 4, "d/phone": 8}) == {"d/phone": 8}


def test_a_profile_alone_under_five_takes_another_along():
    assert told({"p/guardian": 40, "p/head": 2, "p/teacher": 9}) == {
        "p/guardian": 40,
        "p/head": None,
        "p/teacher": None,
    }


def test_a_profile_of_a_service_is_not_the_service_less_the_others():
    cells = {"s/guardian/liaison": 40, "s/head/liaison": 2, "s/teacher/liaison": 9, "s/guardian/home": 50}
    shown = told(cells)
    assert shown["s/head/liaison"] is shown["s/teacher/liaison"] is None
    assert shown["s/guardian/home"] == 50
