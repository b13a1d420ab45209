"""The files of a whole town in one go, as the academy's staff hands them over. Nothing is decided: what a person must
decide waits on the head's page.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.imports import services, sources
from tenant_apps.imports.models import ImportPlan
from tenant_apps.schools.models import School

UAI = re.compile(r"0\d{6}[A-Z]", re.IGNORECASE)
HEADER = 64 * 1024  # bytes of a line of titles, at most
WORKBOOK = b"PK"
# Families after pupils, or they would find no child.
ORDER: dict[str, int] = {ImportPlan.Kind.ONDE_PUPILS: 0, ImportPlan.Kind.ONDE_GUARDIANS: 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    plan: ImportPlan | None = None
    problem: str = ""

    @property
    def waiting(self) -> int:
        return self.plan.counts.get("to_decide", 0) if self.plan is not None else 0


def import_folder(folder: Path, tell: Callable[[Outcome], None] = lambda outcome: None) -> list[Outcome]:
    """The UAI in a file's name, or in its folder's, tells its school; its headers, its kind. A file that can't
    be used stops itself, not the others.
    """
    found = []
    for path in _in_order(folder):
        outcome = _import(path)
        tell(outcome)
        found.append(outcome)
    return found


def _in_order(folder: Path) -> Iterator[Path]:
    """A file is read when its turn comes: a town costs the memory of a school."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    kinds = {path: _kind(path) for path in paths}
    return iter(sorted(paths, key=lambda path: (ORDER.get(kinds[path], 1), str(path))))


def _kind(path: Path) -> str:
    """By the first lines of a text, by the whole of a workbook; empty for what can’t be read: its plan will say why."""
    with path.open("rb") as file:
        data = file.readline(HEADER) + file.readline(HEADER)
        data += file.read() if data.startswith(WORKBOOK) else b""
    try:
        return sources.read(data, {}).kind
    except DomainError:
        return ""


def _import(path: Path) -> Outcome:
    try:
        school = _school(path)
        plan = services.make_plan(actor=None, school=school, file_name=path.name, data=path.read_bytes())
        services.apply_plan(actor=None, plan=plan)
    except DomainError as refusal:
        return Outcome(path, problem=refusal.message)
    return Outcome(path, plan)


def _school(path: Path) -> School:
    told: Any = UAI.search(path.name) or UAI.search(path.parent.name)
    school = School.objects.filter(uai=told.group().upper()).first() if told else None
    if school is None:
        raise DomainError(_("Ni le nom du fichier ni son dossier ne donnent l’UAI d’une école de la commune."))
    return school
