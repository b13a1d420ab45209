"""Colours of `tokens.css`: text reads at 4.5 at least, what one must find at 3, in the three themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[3] / "platform/core/static/ent/tokens.css"
THEMES = {"ecole": ":root", "eleve": '[data-theme="eleve"]', "vitrine": '[data-theme="vitrine"]'}

TEXT = [
    ("ink", ("paper", "desk", "sunken", "brand-soft", "warn-soft", "info-soft")),
    ("ink-soft", ("paper", "desk", "sunken")),
    ("brand", ("paper", "brand-soft", "desk")),
    ("on-brand", ("brand", "brand-hover", "brand-active")),
    ("urgent", ("paper", "urgent-soft", "desk")),
    ("warn", ("paper", "warn-soft")),
    ("info", ("paper", "info-soft")),
    ("ok", ("paper", "ok-soft")),
    ("paper", ("urgent", "ok", *(f"cover-{n}" for n in range(1, 7)))),
    ("board-ink", ("board",)),
    ("board-soft", ("board",)),
    ("board-rest", ("board",)),
    ("chalk", ("board",)),
    ("board-alarm", ("board",)),
    ("on-alarm", ("board-alarm",)),
    ("ink", ("sky",)),
    ("paper", ("night",)),
    ("ink", tuple(f"tile-{n}" for n in range(1, 7))),
]
MARKS = [("line-strong", ("paper", "desk")), ("focus", ("focus-gap",)), ("focus-dark", ("board", "brand"))]


def tokens(theme: str) -> dict[str, str]:
    """Names and colours that hold in a theme: the root's, then its own."""
    css = TOKENS.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for selector in dict.fromkeys([":root", THEMES[theme]]):
        block = css.split(f"\n{selector} {{", 1)[1].split("\n}", 1)[0]
        found |= dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(table: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, str, str]]:
    return [(theme, front, back) for theme in THEMES for front, backs in table for back in backs]


def test_the_measure_is_the_known_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#0f4f45", "#ffffff") == pytest.approx(9.4, abs=0.05)


@pytest.mark.parametrize(("theme", "front", "back"), pairs(TEXT))
def test_text_is_readable(theme, front, back):
    known = tokens(theme)
    assert contrast(known[front], known[back]) >= 4.5


@pytest.mark.parametrize(("theme", "front", "back"), pairs(MARKS))
def test_what_one_must_find_is_seen(theme, front, back):
    known = tokens(theme)
    assert contrast(known[front], known[back]) >= 3


def test_a_colour_is_written_once():
    """Components read names; the few colours left are white, black and shadows."""
    folder = TOKENS.parent
    allowed = {"#fff", "#000", "#111"}
    for path in sorted(folder.glob("*.css")):
        if path.name == "tokens.css":
            continue
        written = set(re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8")))
        assert written <= allowed, path.name
