"""The files of a whole town in one go, as the academy's staff hands them over. Nothing is decided: what a person must
decide waits on the head's page.
"""

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.layouts.current import layouts
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


@dataclass(frozen=True, slots=True)
class Read:
    """A file, before it is compared with anything."""

    digest: str
    source: sources.Source


def import_folder(folder: Path, tell: Callable[[Outcome], None] = lambda outcome: None) -> list[Outcome]:
    """The UAI in a file's name, or in its folder's, tells its school; its headers, its kind. A file that can't
    be used stops itself, not the others.
    """
    found = []
    for path, read in _one_ahead(_in_order(folder)):
        outcome = _import(path, read)
        tell(outcome)
        found.append(outcome)
    return found


def _one_ahead(paths: Iterator[Path]) -> Iterator[tuple[Path, "Future[Read]"]]:
    """While one file is written, which is half waiting for the database, the next one is read: one, for the memory."""
    layouts()  # known from here on: the reader asks the database nothing
    waiting: deque[tuple[Path, Future[Read]]] = deque()
    with ThreadPoolExecutor(1) as reader:
        for path in paths:
            waiting.append((path, reader.submit(_read, path)))
            if len(waiting) > 1:
                yield waiting.popleft()
        yield from waiting


def _read(path: Path) -> Read:
    try:
        data = path.read_bytes()
        return Read(hashlib.sha256(data).hexdigest(), sources.read(data, {}))
    finally:
        connection.close()  # of this thread, if the layouts had to be asked again


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


def _import(path: Path, read: "Future[Read]") -> Outcome:
    try:
        return Outcome(path, _write(_school(path), path.name, read.result()))
    except DomainError as refusal:
        return Outcome(path, problem=refusal.message)


@transaction.atomic
def _write(school: School, name: str, read: Read) -> ImportPlan:
    """Plan and apply in one transaction: nobody reads the plan in between. Raises DomainError."""
    plan = services.plan_source(actor=None, school=school, file_name=name, digest=read.digest, source=read.source)
    services.apply_plan(actor=None, plan=plan)
    return plan


def _school(path: Path) -> School:
    told: Any = UAI.search(path.name) or UAI.search(path.parent.name)
    school = School.objects.filter(uai=told.group().upper()).first() if told else None
    if school is None:
        raise DomainError(_("Ni le nom du fichier ni son dossier ne donnent l’UAI d’une école de la commune."))
    return school
