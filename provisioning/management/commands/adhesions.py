from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.tenancy import in_public
from core.words import figure
from provisioning import services
from provisioning.models import Opening
from provisioning.opening import machine
from shared_apps.onboarding.models import Case, Convention
from shared_apps.onboarding.services import adhesions
from shared_apps.reference.models import RefCommune

MOST_LINES = 50


class Command(BaseCommand):
    help = "L’historique des adhésions : quelles écoles ont rejoint l’ENT, et quand."

    def add_arguments(self, parser: CommandParser) -> None:
        load = parser.add_subparsers(dest="verb", required=True).add_parser(
            "load", help="remplace les adhésions reprises par celles du fichier (tout ou rien)"
        )
        load.add_argument("file", type=Path, help="colonnes « uai;date »")
        load.add_argument("--open", action="store_true", help="ouvre aussi l’espace de ces communes")

    def handle(self, *args: Any, **options: Any) -> None:
        with in_public():
            report = self._load(options["file"])
            self._tell(report)
            if options["open"]:
                self._open()

    def _load(self, path: Path) -> adhesions.Report:
        try:
            return adhesions.load_adhesions(actor=None, data=path.read_bytes())
        except OSError as error:
            raise CommandError(_("%(name)s : le fichier ne se lit pas.") % {"name": path.name}) from error
        except adhesions.WrongFileError as error:
            lines = [_("%(name)s : rien n’a été modifié.") % {"name": path.name}, *error.errors[:MOST_LINES]]
            more = len(error.errors) - MOST_LINES
            if more > 0:
                text = ngettext("… et %(count)s autre erreur.", "… et %(count)s autres erreurs.", more)
                lines.append(text % {"count": figure(more)})
            raise CommandError("\n  ".join(lines)) from error

    def _tell(self, report: adhesions.Report) -> None:
        words = {"schools": figure(report.schools), "communes": figure(report.communes)}
        self.stdout.write(_("Dans le fichier : écoles %(schools)s, communes %(communes)s.") % words)
        if report.repeated:
            text = ngettext("%(n)d ligne répétée, sans effet.", "%(n)d lignes répétées, sans effet.", report.repeated)
            self.stdout.write(text % {"n": report.repeated})
        counts = {name: figure(len(getattr(report, name))) for name in ("added", "changed", "removed")}
        self.stdout.write(
            _("Communes ajoutées : %(added)s ; modifiées : %(changed)s ; retirées : %(removed)s.") % counts
        )
        names = dict(RefCommune.objects.filter(insee__in=dict(report.kept)).values_list("insee", "name"))
        for insee, why in report.kept:
            self.stdout.write(f"  {insee} {names[insee]} {why}.")

    def _open(self) -> None:
        """One after the other; a refusal is told and doesn't stop the others."""
        waiting = Case.objects.filter(conventions__kind=Convention.Kind.IMPORTED).select_related("commune")
        opened, refused = 0, 0
        for case in waiting.exclude(state=Case.State.OPEN).order_by("commune__sort_name", "commune"):
            problem = self._open_one(case.insee)
            opened, refused = opened + (not problem), refused + bool(problem)
            if problem:
                self.stdout.write(f"  {case.insee} {case.commune.name} : {problem}")
        words = {"opened": figure(opened), "refused": figure(refused)}
        self.stdout.write(_("Communes ouvertes : %(opened)s ; refusées : %(refused)s.") % words)

    def _open_one(self, insee: str) -> str:
        try:
            opening = services.request_opening(actor=None, insee=insee, by_worker=False)
        except DomainError as refusal:
            return str(refusal.message)
        machine.run(opening.pk)
        opening.refresh_from_db()
        return opening.error if opening.state == Opening.State.FAILED else ""
