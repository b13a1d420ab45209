"""A later release: the real migrations of an app, and one more."""

import shutil
import sys
import textwrap
from pathlib import Path

from django.apps import apps

from provisioning import template

HEAD = """
from django.db import connection, migrations, models


class Migration(migrations.Migration):
    {attributes}
    dependencies = [("{app}", "{last}")]
    operations = [{operations}]


"""
NAME = "0099_later"


def release(settings, folder: Path, app: str, operations: str, *, attributes: str = "", code: str = "") -> None:
    """From now on, `app` has a migration more. `code` is Python put before it."""
    package = f"later_{folder.name.replace('-', '_')}"
    here = folder / package
    shutil.copytree(Path(apps.get_app_config(app).path) / "migrations", here, ignore=shutil.ignore_patterns("__*"))
    last = max(path.stem for path in here.glob("0*.py"))
    (here / "__init__.py").touch()
    text = HEAD.format(app=app, last=last, operations=operations, attributes=attributes)
    (here / f"{NAME}.py").write_text(textwrap.dedent(code) + text)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    settings.MIGRATION_MODULES = {app: package}
    template.fingerprint.cache_clear()


ADD_MOTTO = 'migrations.AddField("school", "motto", models.CharField(max_length=50, default=""))'
NEW_TABLE = """migrations.CreateModel("Banner", [
    ("id", models.UUIDField(primary_key=True)), ("text", models.CharField(max_length=50, unique=True))])"""
