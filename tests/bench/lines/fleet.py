"""Migrating many communes: with nothing to do, and with one added column, beside `migrate_schemas`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench import communes
from tests.bench.table import Line, times_faster
from tests.bench.world import ROOT, World

PACKAGE = "bench_migrations"
ADDED_COLUMN = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("liaison", "{last}")]
    operations = [migrations.AddField("liaisonnote", "bench_column", models.CharField(max_length=20, null=True))]
"""


def run(world: World) -> list[Line]:
    count = world.size(200, 30)
    communes.lay(count)
    _prepare_stock(world, count)
    variables = _added_column(world.folder)
    stock_nothing = world.stock("migrate", "0")
    ours_nothing = _ours(world)
    stock_column = world.stock("migrate", "0", **variables)
    ours_column = _ours(world, **variables)
    return [
        times_faster(f"fleet of {count}, nothing to do", ours_nothing, stock_nothing, "ms", 80),
        times_faster(f"fleet of {count}, one added column", ours_column, stock_column, "ms", 60),
    ]


def _prepare_stock(world: World, count: int) -> None:
    """The ordinary database gets the same communes by replaying the same script."""
    from core.tenancy import in_public
    from provisioning import template

    with in_public():
        script = template.current().script
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.stock", "prepare", str(count)]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.stock_settings"}
    subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, input=script, text=True, check=True, stdout=subprocess.PIPE
    )


def _ours(world: World, **variables: str) -> float:
    return json.loads(world.run("-m", "tests.bench.ours", "migrate", **variables).splitlines()[-1])


def _added_column(folder: Path) -> dict[str, str]:
    """The notebook's migrations with one more, in a package of the run's own folder."""
    source = ROOT / "tenant_apps/liaison/migrations"
    target = folder / PACKAGE
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in source.glob("0*.py"))
    (target / "9999_bench_column.py").write_text(ADDED_COLUMN.format(last=last))
    return {"ENT_BENCH_MIGRATIONS": PACKAGE, "PYTHONPATH": str(folder)}
