"""What `infra/frontend.py` builds from npm: fonts, icons, pictures. Without it, words and the system's fonts remain."""

import functools
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

BUILD = "ent-build"
FONTS = f"{BUILD}/fonts.css"
SPRITE = f"{BUILD}/icons.svg"


def _exists(path: str) -> bool:
    """In the sources (development, tests) or among the collected files (an image has only those)."""
    return bool(finders.find(path)) or staticfiles_storage.exists(path)


@functools.cache
def fonts_url() -> str:
    return static(FONTS) if _exists(FONTS) else ""


@functools.cache
def sprite_url() -> str:
    return static(SPRITE) if _exists(SPRITE) else ""


@functools.cache
def emoji_url(name: str) -> str:
    path = f"{BUILD}/emoji/{name}.svg"
    return static(path) if _exists(path) else ""


@functools.cache
def emoji_characters() -> dict[str, str]:
    """Name of a picture -> the Unicode character shown when the drawing is absent."""
    lines = (Path(__file__).parent / "emoji.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split()[:2] for line in lines if line.strip() and not line.startswith("#"))
