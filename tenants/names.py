"""Names that reach SQL or DNS, checked here and again by the database."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SCHEMA_NAME = r"^(public|c_[a-z0-9_]{1,48})$"
_SCHEMA_NAME = re.compile(r"(public|c_[a-z0-9_]{1,48})\Z")

RESERVED_LABELS = frozenset(
    [
        "academie",
        "academies",
        "admin",
        "api",
        "aide",
        "assistance",
        "auth",
        "cdn",
        "connexion",
        "demo",
        "ent",
        "ent-ecole",
        "fichiers",
        "ftp",
        "help",
        "imap",
        "localhost",
        "mail",
        "metrics",
        "ns",
        "ns1",
        "ns2",
        "pop",
        "public",
        "sentry",
        "smtp",
        "sso",
        "static",
        "statut",
        "status",
        "support",
        "test",
        "www",
    ]
)


def is_schema_name(name: object) -> bool:
    """Stricter than the library's rule, which lets quotes and line breaks in."""
    return isinstance(name, str) and _SCHEMA_NAME.match(name) is not None


def check_schema_name(name: str) -> None:
    if not is_schema_name(name):
        raise ValidationError(_("Ce nom d’espace n’est pas permis."), code="schema_name")


def schema_for(insee: str) -> str:
    """`c_11262`, `c_2a004`: the INSEE code, so that a commune that changes its name keeps its schema."""
    name = f"c_{insee.lower()}"
    check_schema_name(name)
    return name
