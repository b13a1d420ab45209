"""What notebooks bring to the home page: what a guardian signs, what a head validates."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.frozen import Asked, frozen
from core.registry import Todo
from shared_apps.signatures.models import SignatureRequest
from tenant_apps.progress_notebook.domains import LINES
from tenant_apps.progress_notebook.models import Notebook
from tenant_apps.schools.models import School, SchoolYear


def of_guardian(slots: list[Any], _rows: Any) -> Iterable[Todo]:
    """No query: the slot and its request say all, up to the end of the school year."""
    return [_to_sign(slot) for slot in slots if _is_asked(slot)]


def _is_asked(slot: Any) -> bool:
    is_settled = slot.rule == SignatureRequest.Rule.ONE and slot.is_settled
    is_over = slot.due_on is not None and slot.due_on < timezone.localdate()
    return slot.closed_at is None and not is_over and not is_settled


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    return _ready.asked(user).then(lambda rows: [_to_validate(row) for row in rows]) if profile == "head" else []


@frozen
def _ready(user: Any) -> QuerySet[Notebook, dict[str, Any]]:
    """By class and period, what teachers finished: a notebook with their words, a summary with its positions."""
    full = Q(period__kind="notebook") & ~Q(appreciation="") | Q(period__kind="summary", placed=len(LINES))
    rows = Notebook.objects.filter(validated_at=None, period__year__in=SchoolYear.objects.current().values("pk"))
    rows = rows.filter(school_class__school__in=School.objects.headed_by(user), period__is_open=True)
    ready = rows.annotate(placed=Count("acquisitions")).filter(full).values("pk")
    rows = Notebook.objects.filter(pk__in=ready).order_by("period__starts_on", "school_class__label", "school_class")
    names = ("school_class", "school_class__label", "period", "period__label")
    return rows.values(*names).annotate(n=Count("pk", distinct=True))


def _to_sign(slot: Any) -> Todo:
    return Todo(
        when=None,
        kind="sign",
        title=_("Carnet de suivi des apprentissages"),
        detail=_("Validé par la direction : à lire et à signer."),
        url=reverse("progress_notebook:edition", args=[slot.object_id]),
        action=_("Lire et signer"),
        subject_id=slot.subject_id,
    )


def _to_validate(row: dict[str, Any]) -> Todo:
    text = ngettext("%(n)s carnet de suivi à valider", "%(n)s carnets de suivi à valider", row["n"])
    return Todo(
        when=None,
        kind="do",
        title=text % {"n": row["n"]},
        detail=f"{row['school_class__label']} · {row['period__label']}",
        url=reverse("progress_notebook:period", args=[row["school_class"], row["period"]]),
        action=_("Relire et valider"),
    )
