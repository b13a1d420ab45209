"""A folder of ONDE files imported by a process of its own: `python -m tests.bench.town SCHEMA FOLDER`, prints JSON."""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django


def main(schema: str, folder: str) -> None:
    django.setup()
    from core.tenancy import in_schema
    from tenant_apps.imports.folders import import_folder
    from tenant_apps.people.models import Pupil

    with in_schema(schema):
        prepare({path.name.split("-")[0] for path in Path(folder).iterdir()})
        begun = time.perf_counter()
        outcomes = import_folder(Path(folder))
        seconds = time.perf_counter() - begun
        plans = [outcome.plan for outcome in outcomes if outcome.plan is not None]
        read = sum(sum(plan.counts.values()) for plan in plans if plan.kind == "onde_pupils")
        written = Pupil.objects.count()
    if any(outcome.problem for outcome in outcomes) or written < 0.95 * read:  # homonyms wait for a person
        raise RuntimeError(f"{written} pupils written of {read}: {[o.problem for o in outcomes if o.problem][:3]}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pupils": read, "written": written, "rate": read / seconds, "peak": peak}))  # noqa: T201


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
