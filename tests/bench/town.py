"""Folders of ONDE files imported by a process of its own: `python -m tests.bench.town SCHEMA FOLDER …`, prints JSON."""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django


def main(*places: str) -> None:
    """SCHEMA FOLDER, as many pairs as there are communes: one after the other."""
    django.setup()
    from core.tenancy import each_commune

    pairs = list(zip(places[::2], places[1::2], strict=True))
    begun, read, written = time.monotonic(), 0, 0
    for schema, (_schema, folder) in zip(each_commune([schema for schema, _folder in pairs]), pairs, strict=True):
        counts = _a_town(schema, Path(folder))
        read, written = read + counts[0], written + counts[1]
    if written < 0.95 * read:  # homonyms wait for a person
        raise RuntimeError(f"{written} pupils written of {read}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        json.dumps({"pupils": read, "written": written, "begun": begun, "ended": time.monotonic(), "peak": peak})
    )


def _a_town(schema: str, folder: Path) -> tuple[int, int]:
    """(pupils read, pupils written)"""
    from core.tenancy import in_schema
    from tenant_apps.imports.folders import import_folder
    from tenant_apps.people.models import Pupil

    with in_schema(schema):
        prepare({path.name.split("-")[0] for path in folder.iterdir()})
        outcomes = import_folder(folder)
        if problems := [outcome.problem for outcome in outcomes if outcome.problem]:
            raise RuntimeError(f"{schema}: {problems[:3]}")
        plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
        return sum(sum(plan.counts.values()) for plan in plans if plan.kind == "onde_pupils"), Pupil.objects.count()


def prepare(uais: Any) -> dict[str, Any]:
    """The schools, and a school year, of the commune we are in."""
    from django.utils import timezone

    from tenant_apps.schools.models import School, SchoolYear

    today = timezone.localdate()
    year = today.year if today.month >= 9 else today.year - 1
    SchoolYear.objects.create(label=f"{year}-{year + 1}", starts_on=date(year, 9, 1), ends_on=date(year + 1, 8, 31))
    return {uai: School.objects.create(uai=uai, name=f"École {uai}", kind=School.Kind.PRIMARY) for uai in sorted(uais)}


if __name__ == "__main__":
    main(*sys.argv[1:])
