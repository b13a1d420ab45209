"""The words of conventions and amendments, by version: the shipped one, then those that the académie wrote.

They are words and nothing else: no line of them is ever read as a program by what sets the page.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.onboarding.models import Convention, ConventionTemplate

Kind = Convention.Kind
SHIPPED_VERSION = "2026.1"
FOLDER = Path(__file__).parent / "texts"
FILES = {Kind.INITIAL: ("convention", "rgpd"), Kind.AMENDMENT: ("avenant", "")}
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    Kind.INITIAL: ("commune", "ecoles", "duree", "numero"),
    Kind.AMENDMENT: ("commune", "convention", "ajouts", "retraits", "numero"),
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Words:
    kind: str
    version: str
    articles: str
    privacy: str


def current(kind: str) -> Words:
    row = ConventionTemplate.objects.filter(kind=kind, is_current=True).first()
    return of_template(row) if row else shipped(kind)


def of(convention: Convention) -> Words:
    """Those of the day it was drafted."""
    kind = Kind.AMENDMENT if convention.is_amendment else Kind.INITIAL
    row = ConventionTemplate.objects.filter(kind=kind, version=convention.template_version).first()
    return of_template(row) if row else shipped(kind)


def shipped(kind: str) -> Words:
    articles, privacy = (_read(name) for name in FILES[Kind(kind)])
    return Words(kind, SHIPPED_VERSION, articles, privacy)


def _read(name: str) -> str:
    return (FOLDER / f"{name}-{SHIPPED_VERSION}.txt").read_text(encoding="utf-8") if name else ""


def of_template(row: ConventionTemplate) -> Words:
    return Words(row.kind, row.version, row.articles, row.privacy)


def sections(text: str, facts: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """[{title, paragraphs}]. Raises DomainError: no_title."""
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        first, _newline, rest = block.strip().partition("\n")
        if first.startswith("## "):
            found.append({"title": fill(first[3:].strip(), facts), "paragraphs": []})
            block = rest
        if not found:
            raise DomainError(_("Commencez par un titre : une ligne qui débute par « ## »."), code="no_title")
        if words := fill(" ".join(block.split()), facts):
            found[-1]["paragraphs"].append(words)
    return found


def fill(words: str, facts: dict[str, str] | None) -> str:
    if facts is None:
        return words
    return _PLACEHOLDER.sub(lambda match: facts.get(match[1], match[0]), words)


def check(kind: str, text: str) -> None:
    """Raises DomainError: no_title, unknown_placeholder, stray_brace."""
    sections(text)
    allowed = PLACEHOLDERS[Kind(kind)]
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in allowed]
    if unknown:
        names = ", ".join("{" + name + "}" for name in allowed)
        raise DomainError(
            _("« {%(name)s} » n’est pas connu. Repères possibles : %(names)s.") % {"name": unknown[0], "names": names},
            code="unknown_placeholder",
        )
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise DomainError(_("Une accolade est seule : un repère s’écrit {ecoles}."), code="stray_brace")
