"""What reports bring to the home page: those that a guardian signs, those that a head validates. One query each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.frozen import Asked, frozen
from core.registry import Todo
from tenant_apps.report_cards.models import Edition, ReportCard


def todos(user: Any, profile: str) -> Iterable[Todo] | Asked:
    if profile == "guardian":
        return _unsigned.asked(user).then(lambda editions: [_to_sign(one) for one in editions])
    return _ready.asked(user).then(lambda rows: [_to_validate(row) for row in rows]) if profile == "head" else []


@frozen
def _unsigned(user: Any) -> QuerySet[Edition]:
    return Edition.objects.to_sign_by(user).select_related("report__period").order_by("validated_at", "pk")


@frozen
def _ready(user: Any) -> QuerySet[ReportCard, dict[str, Any]]:
    names = ("school_class", "school_class__label", "period", "period__label")
    rows = ReportCard.objects.ready_for(user).order_by("period__starts_on", "school_class__label", "school_class")
    return rows.values(*names).annotate(n=Count("pk", distinct=True))


def _to_sign(edition: Edition) -> Todo:
    detail = _("Validé par la direction : à lire et à signer.")
    if edition.number > 1:
        detail = _("Corrigé : à signer de nouveau.")
    return Todo(
        when=None,
        kind="sign",
        title=_("Livret scolaire, %(period)s") % {"period": edition.report.period},
        detail=detail,
        url=edition.report.get_absolute_url(),
        action=_("Lire et signer"),
        subject_id=edition.report.pupil_id,
    )


def _to_validate(row: dict[str, Any]) -> Todo:
    text = ngettext("%(n)s livret à valider", "%(n)s livrets à valider", row["n"]) % {"n": row["n"]}
    return Todo(
        when=None,
        kind="do",
        title=text,
        detail=f"{row['school_class__label']} · {row['period__label']}",
        url=reverse("report_cards:entry", args=[row["school_class"], row["period"]]),
        action=_("Relire et valider"),
    )
