"""Loading the official files: read, compare, show, apply. The same file a second time changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.audit import services as audit
from shared_apps.reference import layouts
from shared_apps.reference.models import CalendarDay, District, RefCommune, RefSchool

SHIPPED = Path(__file__).parent / "data"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of reference data: where it is read, which rows its file speaks of."""

    name: str
    label: Any
    model: type[models.Model]
    layout: layouts.Layout
    key: tuple[str, ...]
    shipped: str
    official: str = ""  # its name in REFERENCE_DIR; empty: only what ships is read

    def key_of(self, values: Values) -> tuple[str, ...]:
        return tuple(values[name] for name in self.key)

    def path(self) -> Path:
        folder = settings.REFERENCE_DIR
        if self.official and folder and (Path(folder) / self.official).is_file():
            return Path(folder) / self.official
        return SHIPPED / self.shipped


KINDS = {
    kind.name: kind
    for kind in (
        Kind("communes", gettext_lazy("communes"), RefCommune, layouts.COMMUNES, ("insee",), "communes.csv"),
        Kind(
            "districts",
            gettext_lazy("circonscriptions"),
            District,
            layouts.DISTRICTS,
            ("uai",),
            "circonscriptions.csv",
            "circonscriptions-academie-montpellier.csv",
        ),
        Kind(
            "schools",
            gettext_lazy("écoles"),
            RefSchool,
            layouts.SCHOOLS,
            ("uai",),
            "ecoles.csv",
            "ecoles-academie-montpellier.csv",
        ),
        Kind(
            "calendar",
            gettext_lazy("jours du calendrier"),
            CalendarDay,
            layouts.CALENDAR,
            ("zone", "school_year", "kind", "label"),
            "calendrier-zone-c.csv",
        ),
    )
}


@dataclass(slots=True)
class Diff:
    """What a file would change. `changed` holds (key, {field: (before, after)})."""

    kind: Kind
    path: Path
    errors: list[str] = field(default_factory=list)
    added: list[Values] = field(default_factory=list)
    changed: list[tuple[Values, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    removed: list[tuple[str, ...]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)

    @property
    def size(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


class UnreadableFileError(Exception):
    """The file has wrong lines: nothing was applied."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(errors[0])
        self.errors = errors


def compare(kind: Kind, path: Path | None = None) -> Diff:
    """Read the file of a kind and say what it would change. Two queries, whatever the number of rows."""
    path = path or kind.path()
    reading = layouts.read(path, kind.layout, kind.key_of)
    diff = Diff(kind, path, errors=reading.errors)
    if not diff.errors:
        diff.errors = _dangling(kind, reading.rows)
    if not diff.errors:
        _fill(diff, reading.rows, _existing(kind))
    return diff


def _existing(kind: Kind) -> dict[Any, Values]:
    return {kind.key_of(row): row for row in kind.model._default_manager.order_by().values()}


def _fill(diff: Diff, rows: dict[Any, Values], existing: dict[Any, Values]) -> None:
    for key, values in rows.items():
        before = existing.get(key)
        if before is None:
            diff.added.append(values)
            continue
        # A row that comes back after having left the file is a change too.
        after = values | {"removed_on": None}
        changes = {name: (before[name], value) for name, value in after.items() if before[name] != value}
        if changes:
            diff.changed.append((values, changes))
        else:
            diff.unchanged += 1
    speaks_of = _extent(diff, rows)
    diff.removed = [
        key
        for key, before in existing.items()
        if key not in rows and before["removed_on"] is None and speaks_of(before)
    ]


def _extent(diff: Diff, rows: dict[Any, Values]) -> Callable[[Values], bool]:
    """Which absent rows are gone: all, but for our hand-written files, which speak of a few communes only."""
    if diff.path.parent != SHIPPED or not diff.kind.official:
        return lambda before: True
    communes = {values.get("commune_id") for values in rows.values()}
    return lambda before: "sector" in before and before["sector"] == "public" and before["commune_id"] in communes


def _dangling(kind: Kind, rows: dict[Any, Values]) -> list[str]:
    """Schools whose commune or circonscription is unknown."""
    if kind.model is not RefSchool:
        return []
    communes = set(RefCommune.objects.order_by().values_list("insee", flat=True))
    districts = {None, *District.objects.order_by().values_list("uai", flat=True)}
    errors = [
        _("École %(uai)s : la commune %(insee)s n’est pas dans le référentiel.")
        % {"uai": values["uai"], "insee": values["commune_id"]}
        for values in rows.values()
        if values["commune_id"] not in communes
    ]
    return errors + [
        _("École %(uai)s : la circonscription %(district)s n’est pas dans le référentiel.")
        % {"uai": values["uai"], "district": values["district_id"]}
        for values in rows.values()
        if values["district_id"] not in districts
    ]


def apply(diff: Diff, *, actor: Any = None) -> int:
    """Write a diff, set by set. Returns the number of rows changed; raises when the file has wrong lines."""
    if diff.errors:
        raise UnreadableFileError(diff.errors)
    if diff.is_empty:
        return 0
    with transaction.atomic():
        _upsert(diff)
        _remove(diff)
        audit.record(
            actor=actor,
            action="reference.loaded",
            kind=diff.kind.name,
            added=len(diff.added),
            changed=len(diff.changed),
            removed=len(diff.removed),
        )
    return diff.size


def _upsert(diff: Diff) -> None:
    rows = diff.added + [values for values, _changes in diff.changed]
    if not rows:
        return
    fields = [name.removesuffix("_id") for name in rows[0] if name not in diff.kind.key]
    diff.kind.model._default_manager.bulk_create(
        [diff.kind.model(**values) for values in rows],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=list(diff.kind.key),
        update_fields=[*fields, "removed_on", "updated_at"],
    )


def _remove(diff: Diff) -> None:
    if not diff.removed:
        return
    ids = [row["id"] for key, row in _existing(diff.kind).items() if key in set(diff.removed)]
    today: date = timezone.localdate()
    diff.kind.model._default_manager.filter(pk__in=ids).update(removed_on=today, updated_at=timezone.now())


def load_all(*, actor: Any = None) -> int:
    """Everything, in the order of its references. Returns the number of rows changed."""
    return sum(apply(compare(kind), actor=actor) for kind in KINDS.values())
