"""The communes follow the postings: an account opened, dated, closed in each. Safe to repeat; one fault stops nobody.

The academy says what should be (`facts`); the commune makes it so in its own transaction and answers with ids and
codes. What the dates open and close by themselves needs no task: a right lost is lost on its day, even if all fails.
"""

import logging
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import registry
from core.tenancy import in_public, in_schema
from shared_apps.mobility.models import MovingStaff, Posting
from tenants.models import Commune

log = logging.getLogger(__name__)
Problem = Posting.Problem


def follow_all() -> int:
    """Each night, and after a commune comes back: everybody who is or was posted. Returns how many were followed."""
    with in_public():
        staff = list(MovingStaff.objects.filter(postings__isnull=False).distinct().order_by("pk").values_list("pk"))
    for (pk,) in staff:
        follow(pk)
        connection.renew_if_long()  # type: ignore[attr-defined]  # our engine's
    return len(staff)


def follow(staff_id: Any) -> None:
    """All the communes where this person is, will be or was posted, one after the other."""
    with in_public():
        staff = MovingStaff.objects.select_related("user").filter(pk=staff_id).first()
        rows = Posting.objects.filter(staff=staff_id).select_related("commune", "school").order_by("commune_id", "pk")
        communes = [(commune, list(group)) for commune, group in groupby(rows, key=lambda row: row.commune)]
    if staff is not None:
        for commune, postings in communes:
            _follow_in(commune, staff, postings)


def _follow_in(commune: Commune, staff: MovingStaff, postings: list[Posting]) -> None:
    if not commune.is_reachable:
        return _note([row for row in postings if not row.is_over], Problem.WAITING)
    wanted = [row for row in postings if not row.is_over]
    try:
        with in_schema(commune.schema_name), transaction.atomic():
            report = registry.posted_staff["links"](_facts(staff, wanted))
    except Exception as error:  # any fault of one commune is its own
        facts = {"schema": commune.schema_name, "object_id": staff.pk, "error": type(error).__name__}
        log.warning("mobility.commune_failed", extra=facts)
        return _note(wanted, Problem.FAILED)
    return _keep(wanted, report)


def _facts(staff: MovingStaff, wanted: list[Posting]) -> dict[str, Any]:
    """What the commune is told of its own staff of the day, and of no other commune's."""
    return {
        "subject": str(staff.pk),
        "first_name": staff.user.first_name,
        "last_name": staff.user.last_name,
        "email": staff.user.email,
        "is_active": staff.user.is_active,
        "postings": [
            {
                "id": row.pk,
                "role": row.role,
                "uai": row.school.uai,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            }
            for row in wanted
        ],
    }


def _keep(wanted: list[Posting], report: dict[str, set[Any]]) -> None:
    for problem in (Problem.UNKNOWN, Problem.CONFLICT):
        _note([row for row in wanted if row.pk in report[problem.value]], problem)
    strange = report["unknown"] | report["conflict"]
    with in_public():
        _note([row for row in wanted if row.pk not in strange], "")
        released = Posting.objects.filter(pk__in=report["released"], released_on=None)
        released.update(released_on=timezone.localdate(), updated_at=timezone.now())


def _note(rows: list[Posting], problem: str) -> None:
    now = timezone.now()
    facts: dict[str, Any] = {"problem": problem, "updated_at": now} | ({} if problem else {"synced_at": now})
    with in_public():
        Posting.objects.filter(pk__in=[row.pk for row in rows]).update(**facts)
