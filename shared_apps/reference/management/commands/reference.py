import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.tenancy import in_public
from shared_apps.reference import loading
from shared_apps.reference.loading import Diff

FIRST_LINES = 5


class Command(BaseCommand):
    """`reference load`: shows what the official files would change; `--apply` writes it."""

    help = "Charge le référentiel de l’académie : communes, circonscriptions, écoles, calendrier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        load = parser.add_subparsers(dest="act", required=True).add_parser(
            "load", help="compare les fichiers à la base, puis applique si on le demande"
        )
        load.add_argument(
            "--kind",
            action="append",
            choices=list(loading.KINDS),
            help="seulement cette sorte (peut être répété)",
        )
        load.add_argument("--file", type=Path, help="un autre fichier, avec --kind")
        load.add_argument("--apply", "--yes", action="store_true", help="applique sans demander")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["kind"] or list(loading.KINDS)
        if options["file"] and len(names) != 1:
            raise CommandError(_("--file demande une seule --kind."))
        with in_public():
            for name in names:
                self._load(loading.KINDS[name], options)

    def _load(self, kind: loading.Kind, options: dict[str, Any]) -> None:
        diff = loading.compare(kind, options["file"])
        if diff.errors:
            raise CommandError(self._refusal(diff))
        self._show(diff)
        if diff.is_empty:
            return
        if options["apply"] or self._is_confirmed():
            count = loading.apply(diff)
            self.stdout.write(_("  %(count)d lignes écrites.") % {"count": count})
        else:
            self.stdout.write(_("  Rien n’a été modifié. Ajoutez --apply pour appliquer."))

    def _refusal(self, diff: Diff) -> str:
        lines = [_("%(name)s : rien n’a été modifié.") % {"name": diff.path.name}, *diff.errors[:20]]
        if len(diff.errors) > 20:
            lines.append(_("… et %(count)d autres erreurs.") % {"count": len(diff.errors) - 20})
        return "\n  ".join(lines)

    def _is_confirmed(self) -> bool:
        if sys.stdin is None or not sys.stdin.isatty():
            return False
        return input(_("  Appliquer ? [o/N] ")).strip().lower() in {"o", "oui"}

    def _show(self, diff: Diff) -> None:
        self.stdout.write(
            _(
                "%(kind)s (%(file)s) : %(added)d ajouts, %(changed)d changements, %(removed)d retraits, "
                "%(same)d identiques"
            )
            % {
                "kind": diff.kind.label,
                "file": diff.path.name,
                "added": len(diff.added),
                "changed": len(diff.changed),
                "removed": len(diff.removed),
                "same": diff.unchanged,
            }
        )
        self._lines("+", [self._name(diff, values) for values in diff.added])
        self._lines(
            "~",
            [
                f"{self._name(diff, values)} : "
                + ", ".join(f"{name} {before!s} → {after!s}" for name, (before, after) in changes.items())
                for values, changes in diff.changed
            ],
        )
        self._lines("-", [" ".join(key) for key in diff.removed])

    def _name(self, diff: Diff, values: dict[str, Any]) -> str:
        return f"{' '.join(diff.kind.key_of(values))} {values.get('name', '')}".strip()

    def _lines(self, mark: str, lines: list[str]) -> None:
        for line in lines[:FIRST_LINES]:
            self.stdout.write(f"  {mark} {line}")
        if len(lines) > FIRST_LINES:
            self.stdout.write(f"  {mark} … ({len(lines) - FIRST_LINES})")
