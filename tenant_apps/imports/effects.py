"""Said before: what « Appliquer » will do, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from tenant_apps.imports.classes import ClassBook
from tenant_apps.imports.departures import wants_confirmation
from tenant_apps.imports.models import ImportLine, ImportPlan

Status = ImportLine.Status


def effects(plan: ImportPlan) -> list[str]:
    if not plan.is_ready:
        return []
    writes = plan.lines.to_write()
    created = writes.filter(status=Status.CREATED).count() + writes.filter(decision="new").count()
    updated = writes.filter(status=Status.UPDATED).count() + writes.filter(decision="same").count()
    found = []
    if created:
        text = ngettext("%(count)s fiche créée, avec son compte", "%(count)s fiches créées, avec leur compte", created)
        found.append(text % {"count": created})
    if updated:
        found.append(ngettext("%(count)s fiche modifiée", "%(count)s fiches modifiées", updated) % {"count": updated})
    if gone := plan.lines.departures().count():
        found.append(ngettext("%(count)s départ", "%(count)s départs", gone) % {"count": gone})
    return found + (_effects_on_classes(plan) if plan.is_of_pupils else [])


def to_confirm(plan: ImportPlan) -> int:
    """How many departures the head must confirm by typing it; 0: none, or few."""
    count = plan.lines.departures().count() if plan.is_ready else 0
    return count if count and wants_confirmation(plan.school, count) else 0


def _effects_on_classes(plan: ImportPlan) -> list[str]:
    try:
        book = ClassBook(plan.school, plan.lines.named_classes())
    except DomainError:  # no school year: « Appliquer » will say so
        return []
    opened = book.to_open()
    found = []
    if opened:
        text = ngettext("%(count)s classe ouverte : %(labels)s", "%(count)s classes ouvertes : %(labels)s", len(opened))
        found.append(text % {"count": len(opened), "labels": ", ".join(opened)})
    for row, label in book.to_rename():
        found.append(_("« %(before)s » devient « %(after)s »") % {"before": row.label, "after": label})
    return found
