"""A record's values, read as the cells of a table are."""

from collections.abc import Callable, Mapping
from typing import Any

from tenant_apps.imports.kinds import NO_VALUE, READERS
from tenant_apps.imports.values import BadValue, Dropped


def first(values: Mapping[str, list[str]], field: str) -> str:
    return next((value.strip() for value in values.get(field, []) if value.strip()), "")


def names(values: Mapping[str, list[str]]) -> dict[str, str]:
    """ENTPersonNom is the name in use, ENTPersonNomPatro the one of birth; either may be alone."""
    usage, birth = first(values, "usage_name"), first(values, "birth_name")
    return {"birth_name": birth or usage, "usage_name": usage if birth and usage != birth else ""}


def read(kind: str, cells: Mapping[str, str], label: Callable[[str], str]) -> tuple[dict[str, Any], bool, str, str]:
    """(data, is bad, column, reason), by the readers of a kind of table; a field without a cell is empty."""
    data: dict[str, Any] = {}
    bad: list[tuple[str, str]] = []
    dropped: list[tuple[str, str]] = []
    for field, reader in READERS[kind].items():
        try:
            data[field] = reader(cells.get(field, ""))
        except (BadValue, Dropped) as problem:
            data[field] = NO_VALUE.get(field, "")
            (bad if isinstance(problem, BadValue) else dropped).append((label(field), str(problem)))
    column, reason = (bad or dropped or [("", "")])[0]
    return data, bool(bad), column[:60], reason
