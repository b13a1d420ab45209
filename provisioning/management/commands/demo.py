from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from provisioning.demo import adhesions, people, seed


class Command(BaseCommand):
    help = "La démonstration : la peupler, ou lister ses comptes."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("seed", help="peuple l’académie et trois communes ; sans effet sur ce qui l’est déjà")
        history = verbs.add_parser("adhesions", help="écrit un fichier d’adhésions tirées au sort, aux chiffres connus")
        history.add_argument("file", type=Path)
        verbs.add_parser("accounts", help="une personne par profil, avec son identifiant")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if not settings.ENT_DEMO:
            raise CommandError(_("La démonstration n’est pas demandée ici : ENT_DEMO n’est pas posé."))
        if verb == "seed":
            seed.seed(tell=self.stdout.write)
        elif verb == "adhesions":
            options["file"].write_bytes(self._history())
        else:
            self._accounts()

    def _history(self) -> bytes:
        rows = adhesions.official_rows()
        if not rows:
            raise CommandError(_("Le fichier des écoles de l’académie n’est pas là : ENT_REFERENCE_DIR."))
        return adhesions.as_file(adhesions.scenario(rows, timezone.localdate()))

    def _accounts(self) -> None:
        for person in people.academy():
            self._line(_("académie"), person)
        for commune in people.communes():
            for person in commune.people:
                self._line(commune.name, person)

    def _line(self, place: str, person: people.DemoPerson) -> None:
        self.stdout.write(f"{place:20} {person.label:34} {person.identifier:28} {person.name}, {person.detail}")
