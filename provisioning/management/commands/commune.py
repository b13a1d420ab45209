from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from core.words import figure
from provisioning import feeds, services
from provisioning.models import Opening
from provisioning.opening import machine
from tenant_apps.departures.follow import rehearse
from tenant_apps.imports.folders import Outcome, import_folder
from tenant_apps.imports.models import ImportLine
from tenants.models import Commune
from tenants.names import schema_for


class Command(BaseCommand):
    help = "La vie d’une commune : ouvrir, reprendre une ouverture, suspendre, rétablir, lister."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="les communes et leur état")
        for verb, words in (
            ("open", "ouvrir une commune dont la convention est signée"),
            ("suspend", "fermer l’accès, sans rien effacer"),
            ("resume", "reprendre une ouverture arrêtée, ou lever une suspension"),
        ):
            verbs.add_parser(verb, help=words).add_argument("insee", help="code INSEE, par exemple 11262")
        importing = verbs.add_parser("import", help="importer les fichiers ONDE de toutes les écoles, rangés par UAI")
        importing.add_argument("insee", help="code INSEE, par exemple 11262")
        importing.add_argument("folder", type=Path, help="dossier ; l’UAI est dans le nom du fichier ou de son dossier")
        feed = verbs.add_parser("import-aaf", help="l’annuaire académique (AAF 1D), pour toutes ses écoles")
        feed.add_argument("insee", help="code INSEE, par exemple 11262")
        feed.add_argument("folder", type=Path, help="dossier des fichiers XML, ou archive ZIP")
        feed.add_argument("--apply", action="store_true", help="enregistrer ; les lignes à décider attendent")

        erasures = verbs.add_parser("erasures", help="qui sera effacé, et quand ; identifiants seuls")
        erasures.add_argument("insee", help="code INSEE, par exemple 11262")
        erasures.add_argument("--dry-run", action="store_true", help="ne fait rien, et le dit : c’est toujours le cas")

    def handle(self, *args: Any, verb: str, insee: str = "", **options: Any) -> None:
        if verb == "import":
            return self._import(insee.upper(), options["folder"])
        try:
            if verb == "import-aaf":
                return self._import_aaf(insee.upper(), options["folder"], is_applied=options["apply"])
            with in_public():
                getattr(self, f"_{verb}")(*([insee.upper()] if insee else []))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal

    def _import(self, insee: str, folder: Path) -> None:
        with in_public():
            if not folder.is_dir() or not Commune.objects.reachable().filter(insee=insee).exists():
                raise CommandError(_("Il faut une commune ouverte et un dossier qui existe."))
        with in_schema(schema_for(insee)):
            outcomes = import_folder(folder, self._tell)
        waiting, problems = sum(outcome.waiting for outcome in outcomes), sum(bool(o.problem) for o in outcomes)
        self.stdout.write(
            _("%(files)s fichiers ; %(problems)s refusés ; %(waiting)s lignes attendent une direction d’école.")
            % {"files": len(outcomes), "problems": problems, "waiting": waiting}
        )

    def _tell(self, outcome: Outcome) -> None:
        words = outcome.problem
        if outcome.plan is not None:
            counts = ", ".join(
                f"{ImportLine.Status(sort).label} {count}" for sort, count in outcome.plan.counts.items() if count
            )
            words = f"{outcome.plan.get_kind_display()} · {counts}"
        self.stdout.write(f"{outcome.path.name:40} {words}")

    def _import_aaf(self, insee: str, folder: Path, *, is_applied: bool) -> None:
        files = feeds.files_of(folder)
        feeds.feed_commune(insee=insee, files=files, is_applied=is_applied, tell=self.stdout.write)

    def _list(self) -> None:
        for commune in Commune.objects.prefetch_related("domains"):
            addresses = " ".join(domain.domain for domain in commune.domains.all())
            self.stdout.write(f"{commune.insee}  {commune.get_state_display():20}  {commune.name}  {addresses}")

    def _open(self, insee: str) -> None:
        self._work_at(services.request_opening(actor=None, insee=insee, by_worker=False))

    def _resume(self, insee: str) -> None:
        opening = Opening.objects.of_commune(insee).unfinished().first()
        if opening is None:
            services.lift_suspension(actor=None, insee=insee)
            self.stdout.write(_("La suspension est levée."))
        else:
            self._work_at(services.resume_opening(actor=None, opening=opening, by_worker=False))

    def _suspend(self, insee: str) -> None:
        services.suspend_commune(actor=None, insee=insee)
        self.stdout.write(_("La commune est suspendue : plus personne n’y entre, rien n’est effacé."))

    def _erasures(self, insee: str) -> None:
        """A rehearsal: what the night's task would find now. It changes nothing."""
        with in_schema(schema_for(insee)):
            rows = rehearse()
        for row in rows:
            since, day = row.since.isoformat(), row.erased_on.isoformat()
            self.stdout.write(f"{row.person_id}  {row.get_kind_display():12}  {since}  {day}")
        self.stdout.write(_("%(n)s comptes. Rien n’est changé.") % {"n": figure(len(rows))})

    def _work_at(self, opening: Opening) -> None:
        machine.run(opening.pk)
        opening.refresh_from_db()
        for step in opening.steps.all():
            time = _("%(ms)s ms") % {"ms": figure(step.milliseconds)} if step.is_done else step.get_state_display()
            self.stdout.write(f"{step.label} · {time}")
        if opening.state == Opening.State.FAILED:
            raise DomainError(opening.error)
