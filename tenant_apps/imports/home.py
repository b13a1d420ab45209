"""What imports bring to the head's home: decisions that wait."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.registry import Todo
from tenant_apps.imports.models import ImportPlan


def todos(user: Any, profile: str) -> Iterable[Todo]:
    if profile != "head":
        return []
    undecided = Q(lines__status="to_decide", lines__is_applied=False, lines__decision__in=["", "wait"])
    plans = ImportPlan.objects.visible_to(user).filter(state=ImportPlan.State.READY).select_related("created_by")
    return [_todo(plan) for plan in plans.annotate(waiting=Count("lines", filter=undecided))[:5]]


def _todo(plan: Any) -> Todo:
    if plan.waiting:
        title = ngettext("Import : %(count)s ligne à décider", "Import : %(count)s lignes à décider", plan.waiting)
        title %= {"count": plan.waiting}
    else:
        title = _("Import à vérifier et à appliquer")
    return Todo(
        when=timezone.localdate(plan.created_at),
        kind="decide" if plan.waiting else "do",
        title=title,
        detail=_("%(kind)s, déposé par %(who)s") % {"kind": plan.get_kind_display(), "who": plan.depositor},
        url=plan.get_absolute_url(),
        action=_("Décider") if plan.waiting else _("Vérifier"),
    )
