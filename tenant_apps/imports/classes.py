"""The classes a file names, and those the school has this year: ONDE's id first, then the label."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from core.frozen import frozen
from core.text import sort_key
from tenant_apps.schools.models import School, SchoolClass, SchoolYear
from tenant_apps.schools.services import current_year

Named = tuple[str, str]  # label, ONDE's id (may be empty)


class ClassBook:
    """Raises DomainError when the commune has no school year."""

    def __init__(self, school: School, named: Iterable[Named]) -> None:
        self.school, self.year = school, current_year()
        self.named = sorted(set(named))
        # In some files one id stands for all the classes: it then tells nothing.
        labels: dict[str, set[str]] = defaultdict(set)
        for label, onde_id in self.named:
            labels[onde_id].add(sort_key(label))
        self.telling = {onde_id for onde_id, found in labels.items() if onde_id and len(found) == 1}
        self._index(_classes(self.school, self.year))

    def _index(self, rows: list[SchoolClass]) -> None:
        self.rows = rows
        self.by_id = {row.onde_id: row for row in rows if row.onde_id in self.telling}
        self.by_label = {sort_key(row.label): row for row in rows}

    def find(self, label: str, onde_id: str = "") -> SchoolClass | None:
        return self.by_id.get(onde_id) or self.by_label.get(sort_key(label))

    def to_open(self) -> list[str]:
        """Two spellings of one label (case, spaces) are one class."""
        found = {sort_key(label): label for label, onde_id in self.named if self.find(label, onde_id) is None}
        return sorted(found.values())

    def to_rename(self) -> list[tuple[SchoolClass, str]]:
        """Same id, other label: (class, new label), unless another class bears that label."""
        found = []
        for label, onde_id in self.named:
            row = self.by_id.get(onde_id)
            if row is not None and sort_key(label) not in self.by_label:
                found.append((row, label))
        return found

    def write(self) -> None:
        """Open those that lack, rename, keep the ids. Then all those named are found."""
        ids = {label: onde_id for label, onde_id in self.named if onde_id in self.telling}
        changed = []
        for row, label in self.to_rename():
            row.label = label
            changed.append(row)
        for label, onde_id in self.named:
            known = self.find(label, onde_id)
            if known is not None and onde_id in self.telling and known.onde_id != onde_id:
                known.onde_id = onde_id
                changed.append(known)
        SchoolClass.objects.bulk_update(changed, ["label", "onde_id"])
        opened = SchoolClass.objects.bulk_create(
            SchoolClass(school=self.school, year=self.year, label=label, onde_id=ids.get(label, ""))
            for label in self.to_open()
        )
        self._index([*self.rows, *opened])


@frozen
def _classes(school: School, year: SchoolYear) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(school=school, year=year)
