"""A curve drawn by the server: points to scale from zero, with the words of its axes. A table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from core.words import figure

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 24, 32
STEPS = (1, 2, 5)
MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    when: str
    value: str
    is_told: bool
    is_minor: bool  # left out on a phone


@dataclass(frozen=True, slots=True)
class Curve:
    dots: list[Dot]
    lines: list[tuple[int, str]]  # (y, words)
    target: int | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def area(self) -> str:
        return f"{self.dots[0].x},{self.base} {self.line} {self.dots[-1].x},{self.base}"


def curve(values: Sequence[tuple[date, int]], *, target: int | None = None) -> Curve:
    step = _step(max([value for _day, value in values] + [target or 0, 1]))
    top = step * -(-max([value for _day, value in values] + [target or 0, 1]) // step)

    def y(value: int) -> int:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM))

    every = max(1, (len(values) - 1) // 8 or 1)
    last = len(values) - 1
    dots = [
        Dot(
            round(LEFT + at / max(last, 1) * (WIDTH - LEFT - RIGHT)),
            y(value),
            date_format(day, "N y"),
            figure(value),
            (last - at) % every == 0,
            (last - at) % (3 * every) != 0,
        )
        for at, (day, value) in enumerate(values)
    ]
    lines = [(y(value), figure(value)) for value in range(0, top + 1, step)]
    return Curve(dots, lines, y(target) if target else None)


def _step(top: int) -> int:
    scale = 1
    while True:
        for step in STEPS:
            if step * scale * MOST_LINES >= top:
                return step * scale
        scale *= 10
