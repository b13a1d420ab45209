"""Folding of names: accents and case never decide an order or a match."""

import re
import unicodedata

# Letters that Unicode does not decompose.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})

NO_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, no accent, ligatures opened: « Élodie » and « ELODIE » fold alike."""
    if text.isascii():  # most of a file, at a tenth of the cost
        return text.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return plain.translate(LETTERS)


def sort_key(*names: str) -> str:
    """The `sort_name` column: words only, so that « Le Goff » and « Le-Goff » stand together.

    Made in Python because the embedded database has no ICU collation.
    """
    return " ".join([word for name in names if (word := _words(fold(name)))])


def _words(folded: str) -> str:
    """Most names are one word: the pattern is for the others."""
    return folded if folded.isalnum() else NO_WORD.sub(" ", folded).strip()


def slug(text: str) -> str:
    """A host label or an identifier part: `Saint-Étienne-d'Albagnan` gives `saint-etienne-d-albagnan`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
