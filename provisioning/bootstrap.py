"""Setting an installation up, or bringing it to this release: safe to repeat."""

from collections.abc import Callable

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, router
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation
from django.utils.translation import gettext as _

from core.tenancy import PUBLIC, in_public
from provisioning import pg_dump, privileges, schemas, spares, template
from provisioning.sessions import only_one, owner
from shared_apps.maintenance.services import take_shipped_changes

Tell = Callable[[str], None]


def set_up(*, spare_count: int | None = None, tell: Tell = lambda message: None) -> None:
    """The public schema, the academy's rights, the template script, the spares."""
    with owner(), in_public(), only_one("fleet", wait=True):
        migrate_public(tell)
        make_template(tell)
        take_shipped_changes()
        laid = spares.fill(spare_count)
        if laid:
            tell(_("Espaces de réserve préparés : %(count)d.") % {"count": laid})


def migrate_public(tell: Tell) -> bool:
    """Run what is missing, by Django's own command. Owner's session. Returns whether there was something."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    if not plan:
        return False
    if all(_concerns_communes_only(migration) for migration, _backwards in plan):
        executor.migrate(targets, plan, fake=True)  # nothing of it is here but its name in the list
    else:
        # Not the library's `migrate_schemas`: it closes the session, and our lock with it.
        call_command(Migrate(), interactive=False, verbosity=0)
        schemas.execute(privileges.grant(PUBLIC, "academy"))
    tell(_("Schéma de l’académie : à jour."))
    return True


def _concerns_communes_only(migration: Migration) -> bool:
    """No table of the public schema, no model made or renamed (their content types are the public schema's)."""
    changes_fields = all(isinstance(op, FieldOperation | IndexOperation) for op in migration.operations)
    return changes_fields and router.allow_migrate(connection.alias, migration.app_label) is False


def make_template(tell: Tell) -> None:
    """When the migrations changed. Without pg_dump, communes are laid by migrations: slower."""
    if template.current() is not None:
        return
    try:
        made = template.make()
    except pg_dump.NoDumpError as error:
        tell(
            _(
                "Pas de script modèle (%(reason)s) : chaque commune sera posée par les migrations, en "
                "quelques secondes au lieu d’un dixième. Installez pg_dump, de la version du serveur, "
                "puis relancez « fleet bootstrap »."
            )
            % {"reason": error}
        )
        return
    tell(_("Script modèle : %(count)d tables.") % {"count": made.tables})
