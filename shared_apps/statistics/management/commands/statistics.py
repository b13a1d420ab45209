import csv
import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core.tenancy import in_public
from shared_apps.statistics.adoption import Adoption


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("« %(text)s » n’est pas une date AAAA-MM-JJ.") % {"text": text}) from None


class Command(BaseCommand):
    help = "Où en est l’académie : qui a rejoint l’ENT, par département."

    def add_arguments(self, parser: CommandParser) -> None:
        export = parser.add_subparsers(dest="verb", required=True).add_parser(
            "export", help="écrit les chiffres des adhésions sur la sortie"
        )
        export.add_argument("--format", choices=("json", "csv"), default="json")
        export.add_argument("--on", type=a_day, help="un autre jour qu’aujourd’hui, AAAA-MM-JJ")

    def handle(self, *args: Any, **options: Any) -> None:
        with in_public():
            figures = Adoption(on=options["on"]).export()
        if options["format"] == "json":
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
        else:
            self._write_csv(figures)

    def _write_csv(self, figures: dict[str, Any]) -> None:
        writer = csv.writer(self.stdout, delimiter=";", lineterminator="\n")
        writer.writerow(["territoire", *figures["academie"]])
        writer.writerow(["academie", *figures["academie"].values()])
        for code, row in figures["departements"].items():
            writer.writerow([code, *row.values()])
