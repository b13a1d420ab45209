from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from provisioning import bootstrap


class Command(BaseCommand):
    help = "Toutes les communes à la fois. fleet bootstrap : installation, ou nouvelle version."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        set_up = verbs.add_parser("bootstrap", help="schéma de l’académie, script modèle, réserve")
        set_up.add_argument("--spares", type=int, help="nombre d’espaces de réserve (par défaut ENT_SPARES)")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        bootstrap.set_up(spare_count=options["spares"], tell=self.stdout.write)
