"""A line while it is planned or written. Thousands at once: without what a row object costs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.bulk import insert_values
from core.ids import uuid7_text
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.imports.querysets import WRITTEN

READ = ("pk", "number", "status", "name", "data", "changes", "match_id", "decision")


@dataclass(slots=True)
class Line:
    """The columns of an ImportLine, under the same names."""

    number: int | None = None
    status: str = ""
    name: str = ""
    column: str = ""
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    match_id: UUID | None = None
    decision: str = ""
    pk: Any = field(default_factory=uuid7_text)

    @property
    def is_to_write(self) -> bool:
        """Without anybody's decision: it is new or changes."""
        return self.status in WRITTEN


def save(plan: ImportPlan, lines: Iterable[Any], *, applied: bool = False) -> None:
    """`applied`: the plan is written in the same act, but for what waits for a person."""
    rows = [
        _row(plan.pk, line) | {"is_applied": applied and line.status != ImportLine.Status.TO_DECIDE} for line in lines
    ]
    insert_values(ImportLine, rows)


def to_write(plan: ImportPlan) -> list[Line]:
    """Those that « Appliquer » writes now, in the order of the file."""
    rows = plan.lines.to_write().order_by("number").values_list(*READ)
    return [
        Line(pk=pk, number=number, status=status, name=name, data=data, changes=changes, match_id=match, decision=said)
        for pk, number, status, name, data, changes, match, said in rows
    ]


def _row(plan_id: UUID, line: Any) -> dict[str, Any]:
    return {
        "id": line.pk,
        "plan_id": plan_id,
        "number": line.number,
        "status": line.status,
        "name": line.name,
        "column": line.column,
        "reason": line.reason[:300],
        "data": line.data,
        "changes": line.changes,
        "match_id": line.match_id,
    }
