import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import figure
from provisioning import bootstrap
from provisioning.fleet import runner

BAR = 40


class Command(BaseCommand):
    help = "Toutes les communes à la fois : installer ou passer à une nouvelle version (bootstrap), migrer (migrate)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        set_up = verbs.add_parser("bootstrap", help="schéma de l’académie, script modèle, réserve")
        set_up.add_argument("--spares", type=int, help="nombre d’espaces de réserve (par défaut ENT_SPARES)")
        migrate = verbs.add_parser("migrate", help="schéma de l’académie, puis chaque commune ; se relance sans risque")
        migrate.add_argument("--connections", type=int, default=runner.CONNECTIONS, help="sessions à la fois")
        migrate.add_argument("--thorough", action="store_true", help="compare aussi types de contenu et permissions")
        migrate.add_argument(
            "--release",
            action="store_true",
            help="mise en production : réussit quand des communes sont en échec, si d’autres sont migrées",
        )

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        getattr(self, f"_{verb}")(options)

    def _bootstrap(self, options: dict[str, Any]) -> None:
        bootstrap.set_up(spare_count=options["spares"], tell=self.stdout.write)

    def _migrate(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        try:
            outcome = runner.migrate(
                connections=options["connections"],
                thorough=options["thorough"],
                tell=self.stdout.write,
                progress=self._progress,
            )
        except runner.BusyError:
            raise CommandError(_("Une autre migration est en cours : attendez qu’elle se termine.")) from None
        self._report(outcome, time.monotonic() - began)
        # A release goes on without the communes that failed: they show the maintenance page until they are repaired.
        if not (outcome.is_complete or (options["release"] and outcome.lets_a_release_pass)):
            raise CommandError(_("Tout n’est pas migré : corrigez, puis relancez, seul le reste sera repris."))

    def _progress(self, done: int, total: int, failed: int) -> None:
        if not self.stderr.isatty():
            return
        filled = BAR * done // total
        words = _("%(done)d sur %(total)d, %(failed)d en échec") % {"done": done, "total": total, "failed": failed}
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {words}{end}")
        sys.stderr.flush()

    def _report(self, outcome: runner.Outcome, seconds: float) -> None:
        communes = ngettext("%(count)d commune", "%(count)d communes", outcome.communes) % {"count": outcome.communes}
        self.stdout.write(
            _("%(communes)s : %(migrated)d à migrer, faites ; %(fine)d déjà à jour ; %(failed)d en échec (%(time)s s).")
            % {
                "communes": communes,
                "migrated": len(outcome.migrated),
                "fine": outcome.up_to_date,
                "failed": len(outcome.failed),
                "time": figure(seconds, 2),
            }
        )
        for error, count in outcome.refused.items():
            self.stdout.write(
                _("Essai refusé (%(error)s) : %(count)d communes laissées comme elles étaient, ouvertes.")
                % {"error": error, "count": count}
            )
        if outcome.stopped:
            self.stdout.write(_("Arrêt avant la fin : %(error)s.") % {"error": outcome.stopped})
        for schema, error in sorted(outcome.failed.items()):
            self.stdout.write(_("%(schema)s : %(error)s, en maintenance.") % {"schema": schema, "error": error})
        if outcome.reopened:
            self.stdout.write(_("Rouvertes après réparation : %(count)d.") % {"count": outcome.reopened})
