"""The name a person gave to their file, made harmless. On disk it is never used: the file bears its id."""

import unicodedata

from django.utils.translation import gettext as _

from shared_apps.files.kinds import Kind

LONGEST = 255  # bytes: what the file systems of those who download accept
# Controls, invisible marks (the right-to-left override shows « exe.pdf » for « fdp.exe »), halves of characters, lines.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_name(name: str, kind: Kind) -> str:
    """The last part of a path, composed (NFC), visible, with an extension of its kind."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in UNSEEN)
    seen = " ".join(seen.split()).strip(". ")
    extension = next((e for e in kind.extensions if seen.lower().endswith(e)), "")
    stem = seen[: len(seen) - len(extension)].strip(". ") if extension else seen
    extension = extension or kind.extensions[0]
    return _shortened(stem or _("fichier"), LONGEST - len(extension)) + extension


def _shortened(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
