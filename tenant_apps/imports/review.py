"""How a plan is shown: counts to open, two records side by side."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tenant_apps.imports import services
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.models import Person

WORDS = {
    ImportLine.Status.TO_DECIDE: lazy("à décider"),
    ImportLine.Status.CREATED: lazy("à créer"),
    ImportLine.Status.UPDATED: lazy("à modifier"),
    ImportLine.Status.UNCHANGED: lazy("inchangés"),
    ImportLine.Status.REJECTED: lazy("refusées"),
    ImportLine.Status.LEFT: lazy("absents, conservés"),
}
HIDDEN = frozenset({"ine", "onde_id", "pupil_ids", "children", "has_insurance", "has_photo_consent", "home_phone"})


def tabs(counts: dict[str, int], shown: str) -> list[dict[str, Any]]:
    return [
        {
            "value": counts.get(status, 0),
            "label": word,
            "url": f"?voir={status}",
            "current": status == shown,
            "urgent": status == ImportLine.Status.TO_DECIDE and counts.get(status, 0) > 0,
        }
        for status, word in WORDS.items()
    ]


def comparison(plan: ImportPlan, line: ImportLine) -> dict[str, Any]:
    """The file at the left, the ENT at the right, what differs marked. The INE is told, never shown."""
    known = _person(plan, line)
    labels = services.LABELS[ImportPlan.Kind(plan.kind)]
    rows = [
        _row(str(label), line.data.get(field), known, field) for field, label in labels.items() if field not in HIDDEN
    ]
    return {
        "line": line,
        "left": {"title": line.name, "tag": _("Dans le fichier ONDE")},
        "right": {"title": known.full_name if known else "", "tag": _("Déjà dans l’ENT")},
        "rows": [row for row in rows if row["left"] or row["right"]],
    }


def _person(plan: ImportPlan, line: ImportLine) -> Person | None:
    if plan.kind == ImportPlan.Kind.ONDE_PUPILS:
        return Person.objects.filter(pupil=line.match_id).first()
    return Person.objects.filter(pk=line.match_id).first()


def _row(label: str, left: Any, known: Person | None, field: str) -> dict[str, Any]:
    right = _value(known, field)
    return {"label": label, "left": left or "", "right": right, "differs": str(left or "") != right}


def _value(known: Person | None, field: str) -> str:
    if known is None:
        return ""
    if field in {"grade", "class_label"}:
        enrollment = known.pupil.enrollments.filter(ends_on=None).select_related("school_class__school").first()
        if enrollment is None:
            return ""
        return enrollment.grade if field == "grade" else f"{enrollment.school_class.label}"
    return str(getattr(known, field, "") or "")
