"""Names in pages."""

import re


def names(page: str, first_name: str) -> bool:
    """Whether the page says this first name, as a word: three letters are also found in a token drawn at random."""
    return re.search(rf"\b{re.escape(first_name)}\b", page) is not None
