"""Refuses a migration that old code could not live with: see the habits of migrations in `docs/`.

Run through `with_database.py`: the SQL of a migration is only known with a database.
"""

import sys
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]


def our_apps() -> list[str]:
    return [
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in config.path
    ]


def main() -> int:
    django.setup()
    from django_migration_linter import MigrationLinter

    call_command("makemigrations", "--check", "--dry-run")
    # Our engine is PostgreSQL under another name. A first migration makes tables nobody uses yet.
    linter = MigrationLinter(
        str(ROOT),
        include_apps=our_apps(),
        analyser_string="postgresql",
        ignore_initial_migrations=True,
        no_cache=True,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
