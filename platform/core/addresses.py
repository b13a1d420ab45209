"""The addresses of the rows of a list: the route is found once, the key of each row is put in its place."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import get_urlconf, reverse

from core.stencil import Stencil

MARK = UUID(int=0xF1 << 120)  # no row has it
_parts: dict[tuple[str, str | None], tuple[str, str]] = {}


def address_of(route: str, key: UUID) -> str:
    """As `reverse(route, args=[key])`, for a route whose one argument is a key; in the tests it is compared with it.

    Raises NoReverseMatch as it does.
    """
    (found,) = addresses_of(route, [key])
    return found


def addresses_of(route: str, keys: Sequence[UUID]) -> list[str]:
    """Of several rows."""
    place = route, get_urlconf()
    if place not in _parts:
        before, after = reverse(route, args=[MARK]).split(str(MARK))
        _parts[place] = before, after
    before, after = _parts[place]
    found = [f"{before}{key}{after}" for key in keys]
    if Stencil.is_checked and found != (expected := [reverse(route, args=[key]) for key in keys]):
        raise AssertionError(f"{route}: {found}, not {expected}")
    return found
