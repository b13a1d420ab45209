from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from provisioning.demo import people, seed


class Command(BaseCommand):
    help = "La démonstration : la peupler, ou lister ses comptes."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("seed", help="peuple l’académie et trois communes ; sans effet sur ce qui l’est déjà")
        verbs.add_parser("accounts", help="une personne par profil, avec son identifiant")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if not settings.ENT_DEMO:
            raise CommandError(_("La démonstration n’est pas demandée ici : ENT_DEMO n’est pas posé."))
        if verb == "seed":
            seed.seed(tell=self.stdout.write)
        else:
            self._accounts()

    def _accounts(self) -> None:
        for person in people.academy():
            self._line(_("académie"), person)
        for commune in people.communes():
            for person in commune.people:
                self._line(commune.name, person)

    def _line(self, place: str, person: people.DemoPerson) -> None:
        self.stdout.write(f"{place:20} {person.label:34} {person.identifier:28} {person.name}, {person.detail}")
