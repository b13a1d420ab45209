"""Folding of names: accents and case never decide an order or a match."""

import re
import unicodedata

LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l"}
)


def fold(text: str) -> str:
    """Lower case, no accent, ligatures opened: « Élodie » and « ELODIE » fold alike."""
    opened = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in opened if not unicodedata.combining(c)).casefold()


def sort_key(*names: str) -> str:
    """The `sort_name` column: words only, so that « Le Goff » and « Le-Goff » stand together.

    Made in Python because the embedded database has no ICU collation.
    """
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(name)).strip() for name in names if name)


def slug(text: str) -> str:
    """A host label or an identifier part: `Saint-Étienne-d'Albagnan` gives `saint-etienne-d-albagnan`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
