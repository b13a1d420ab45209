"""From what is known of a class to what its pages draw."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import clock
from tenant_apps.attendance.forms import Sending
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Mark
from tenant_apps.attendance.reasons import Reason
from tenant_apps.attendance.sheets import Line, Sheet


def call_url(class_id: Any, half_day: HalfDay) -> str:
    return reverse("attendance:call", args=[class_id, *half_day.words])


def tiles_of(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "value": line.pupil_id,
            "title": line.first_name,
            "subtitle": line.last_name,
            "state": line.kind,
            "words": _words(line),
            "at": line.at.isoformat("minutes") if line.at else "",
            "reason": line.reason,
            "is_dashed": line.is_foreseen,
        }
        for line in sheet.lines
    ]


def _words(line: Line) -> str:
    if line.is_foreseen:
        return _("Annoncé : %(reason)s") % {"reason": Reason(line.reason).label}
    said = state_words(line.kind, line.at) if line.kind else ""
    return _("%(state)s · %(reason)s") % {"state": said, "reason": Reason(line.reason).label} if line.reason else said


def state_words(kind: str, at: Any) -> str:
    """« Absent », « Retard : 8 h 47 », « Parti à 15 h », « Présent »."""
    said = {
        Mark.Kind.ABSENT: _("Absent"),
        Mark.Kind.LATE: _("Retard : %(time)s"),
        Mark.Kind.LEFT: _("Parti à %(time)s"),
    }
    return said[Mark.Kind(kind)] % {"time": clock(at) if at else ""} if kind else _("Présent")


def dock_of(sheet: Sheet) -> list[dict[str, Any]]:
    counts = sheet.counts
    figures = [
        ("present", "", lambda n: ngettext("présent", "présents", n)),
        ("absent", "urgent", lambda n: ngettext("absent", "absents", n)),
        ("late", "warn", lambda _n: _("en retard")),
    ]
    return [
        {"value": counts[name], "label": label(counts[name]), "tone": tone, "words": f"{label(1)}|{label(2)}"}
        for name, tone, label in figures
    ]


def corrections_of(sheet: Sheet) -> Iterable[Any]:
    """What was changed after the validation, the latest first."""
    if not (sheet.roll and sheet.roll.is_validated):
        return []
    rows = sheet.roll.corrections.select_related("pupil__person", "actor").order_by("-created_at", "-pk")
    return [
        {
            "name": row.pupil.person.first_name,
            "before": state_words(row.before, row.before_at),
            "after": state_words(row.after, row.after_at),
            "actor": row.actor,
            "at": row.created_at,
        }
        for row in rows
    ]


def differences(sheet: Sheet, sending: Sending) -> list[dict[str, Any]]:
    """Of whom two people said something else."""
    rows = []
    for line in sheet.lines:
        said = sending.marks.get(line.pupil_id)
        mine, theirs = (said.kind, said.at) if said else ("", None), _known(line)
        if mine != theirs:
            sides = [{"value": _value(*side), "words": state_words(*side)} for side in (mine, theirs)]
            rows.append({"line": line, "mine": sides[0], "theirs": sides[1]})
    return rows


def agreed(sheet: Sheet, sending: Sending) -> list[dict[str, Any]]:
    """What both said: sent again as it is."""
    differing = {row["line"].pupil_id for row in differences(sheet, sending)}
    lines = [line for line in sheet.lines if line.mark and line.pupil_id not in differing]
    return [{"value": line.pupil_id, "state": _value(*_known(line))} for line in lines]


def _known(line: Line) -> tuple[str, Any]:
    return (line.mark.kind, line.mark.at) if line.mark else ("", None)


def _value(kind: str, at: Any) -> str:
    return f"{kind} {at.isoformat('minutes')}" if at else kind
