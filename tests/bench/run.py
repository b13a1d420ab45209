"""`python -m tests.bench.run [--quick] [--only WORD]`: prints the table, keeps the JSON, exits 1 if a line is short."""

import argparse
import importlib
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import table
from tests.bench.world import ROOT, World, world

# In this order: the later ones find the communes that the earlier ones laid.
LINES = (
    "schema",
    "opening",
    "fleet",
    "pages",
    "memory",
    "rollup",
    "usage",
    "requests",
    "imports",
    "emergency",
)


def main() -> int:
    options = _options()
    begun = time.monotonic()
    lines: list[table.Line] = []
    with world(is_quick=options.quick) as place:
        _set_up()
        for name in LINES:
            if options.only in (None, name):
                lines += _measure(name, place)
    facts = {"at": datetime.now(UTC).isoformat(), "quick": options.quick, "machine": platform.platform()}
    path = Path(options.output or ROOT / "var" / "bench" / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json")
    table.keep(lines, path, seconds=round(time.monotonic() - begun), **facts)
    print(f"\n{table.show(lines)}\n\n{path}")  # noqa: T201
    return 0 if lines and all(line.is_ok for line in lines) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer communes: five minutes at most")
    parser.add_argument("--only", choices=LINES, help="one part of the table")
    parser.add_argument("--output", help="where the JSON goes")
    return parser.parse_args()


def _set_up() -> None:
    import django

    django.setup()
    from provisioning import bootstrap

    bootstrap.set_up(spare_count=0)


def _measure(name: str, place: World) -> list[table.Line]:
    found = importlib.import_module(f"tests.bench.lines.{name}").run(place)
    for line in found:
        print(f"{line.verdict:5} {line.name}: {line.ours:.4g} {line.unit}", flush=True)  # noqa: T201
    return found


if __name__ == "__main__":
    sys.exit(main())
