"""`manage.py outbox`: the effects that were given up, and `--again` to produce them once their cause is mended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core.tenancy import in_schema
from shared_apps.notifications import outbox
from shared_apps.notifications.models import OutboxEntry
from tenants.schemas import every_schema


class Command(BaseCommand):
    help = "Liste les effets abandonnés (courriels, remontées) et les relance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schema", help="un seul espace, par exemple c_11262 ; sinon tous")
        parser.add_argument("--again", action="store_true", help="les relancer")

    def handle(self, *args: Any, **options: Any) -> None:
        for schema in [options["schema"]] if options["schema"] else every_schema():
            with in_schema(schema):
                self._show(schema, again=options["again"])

    def _show(self, schema: str, *, again: bool) -> None:
        entries = list(OutboxEntry.objects.given_up())
        for entry in entries:
            self.stdout.write(f"{schema}  {entry.failed_at:%Y-%m-%d %H:%M}  {entry.kind}  {entry.error}  {entry.pk}")
        if again and entries:
            count = outbox.try_again(entries)
            self.stdout.write(_("%(schema)s : %(count)s effets relancés.") % {"schema": schema, "count": count})
