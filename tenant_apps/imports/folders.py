"""The files of a whole town in one go, as the academy's staff hands them over. Nothing is decided: what a person must
decide waits on the head's page.
"""

import gc
import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.durability import wait_for_the_disk
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
    found, schools = [], {school.uai: school for school in School.objects.all()}
    try:
        for path, read in _one_ahead(_in_order(folder)):
            with _no_collection():
                outcome = _import(path, read, schools)
            tell(outcome)
            found.append(outcome)
    finally:
        wait_for_the_disk()
    return found


@contextmanager
def _no_collection() -> Iterator[None]:
    """A file makes thousands of objects and no cycle worth looking for: the search was a twentieth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def _import(path: Path, read: "Future[Read]", schools: dict[str, School]) -> Outcome:
    try:
        school, file = _school_of(path, schools), read.result()
        plan = services.import_source(school=school, file_name=path.name, digest=file.digest, source=file.source)
        return Outcome(path, plan)
    except DomainError as refusal:
        return Outcome(path, problem=refusal.message)


def _school_of(path: Path, schools: dict[str, School]) -> School:
    told: Any = UAI.search(path.name) or UAI.search(path.parent.name)
    school = schools.get(told.group().upper()) if told else None
    if school is None:
        raise DomainError(_("Ni le nom du fichier ni son dossier ne donnent l’UAI d’une école de la commune."))
    return school
