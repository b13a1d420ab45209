"""`manage.py audit verify`: does every chain hold? `manage.py audit heads`: what to keep elsewhere, to prove it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.tenancy import in_schema
from shared_apps.audit.verification import Flaw, Head, first_flaw, head
from tenants.schemas import every_schema

WORDS = {
    "missing": _("acte n° %(rank)s absent ou déplacé"),
    "changed": _("acte n° %(rank)s modifié"),
    "rewritten": _("acte n° %(rank)s réécrit depuis une tête conservée"),
    "cut": _("actes perdus à partir du n° %(rank)s"),
}


class Command(BaseCommand):
    help = "Vérifie les journaux (verify) ou en écrit les têtes, à conserver ailleurs (heads)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "heads"])
        parser.add_argument("--schema", help="un seul espace, par exemple c_11262 ; sinon tous")
        parser.add_argument("--kept", type=Path, help="têtes écrites auparavant par « audit heads »")

    def handle(self, *args: Any, **options: Any) -> None:
        schemas = [options["schema"]] if options["schema"] else every_schema()
        if options["act"] == "heads":
            return self._write_heads(schemas)
        return self._verify(schemas, _read_heads(options["kept"]))

    def _write_heads(self, schemas: list[str]) -> None:
        for schema in schemas:
            with in_schema(schema):
                found = head()
            if found:
                self.stdout.write(json.dumps(found.as_dict()))

    def _verify(self, schemas: list[str], kept: list[Head]) -> None:
        broken = 0
        for schema in schemas:
            with in_schema(schema):
                flaw = first_flaw(anchor for anchor in kept if anchor.schema == schema)
            broken += flaw is not None
            self.stdout.write(f"{schema} : {_in_words(flaw)}")
        if broken:
            raise CommandError(
                ngettext("%(count)s journal rompu.", "%(count)s journaux rompus.", broken) % {"count": broken}
            )


def _read_heads(path: Path | None) -> list[Head]:
    """Lines of `audit heads`, several exports one after the other included."""
    if path is None:
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Head(**json.loads(line)) for line in lines if line.strip()]


def _in_words(flaw: Flaw | None) -> str:
    return str(_("intact")) if flaw is None else WORDS[flaw.kind] % {"rank": flaw.sequence}
