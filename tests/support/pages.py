"""What a page says, as its reader reads it."""

import re
from typing import Any


def said(response: Any) -> str:
    """Its words in one line, without tags; a no-break space is a space."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\u00a0", " ")
