"""The matrix as a table: of a school, or of the academy's ceilings."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from shared_apps.bounds import words
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope

# Elected members reach nobody, and nobody reaches them: one sentence instead of a line and a column of « non ».
SHOWN = [party for party in Party if party is not Party.ELECTED]


def matrix_columns() -> str:
    return "|".join([_("Qui"), *(capfirst(str(party.label)) for party in SHOWN)])


def matrix_lines(
    scopes: Mapping[Cell, Scope], marked: Collection[Cell], page_of: Callable[[Party], str]
) -> list[dict[str, Any]]:
    """`marked`: the cells that differ from what we ship."""
    return [
        {
            "url": page_of(sender),
            "name": words.subject(sender),
            "cells": [_cell(scopes, marked, sender, to) for to in SHOWN],
        }
        for sender in SHOWN
    ]


def _cell(scopes: Mapping[Cell, Scope], marked: Collection[Cell], sender: Party, recipient: Party) -> dict[str, Any]:
    see, write = (Cell(sender, recipient, right) for right in (Right.SEE, Right.WRITE))
    return {
        "label": recipient.label,
        "see": words.short(scopes[see]),
        "write": words.short(scopes[write]),
        "writes": scopes[write] is not Scope.NONE,
        "is_own": see in marked or write in marked,
    }
