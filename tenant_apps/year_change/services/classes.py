"""The classes of the board."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from tenant_apps.people.models import Person
from tenant_apps.year_change.models import DraftClass, YearDraft
from tenant_apps.year_change.services.drafts import locked


@transaction.atomic
def add_class(
    *, actor: Any, draft: YearDraft, label: str, grades: Iterable[str], staff: Iterable[Person] = ()
) -> DraftClass:
    """Raises DomainError when the board has a class of this name."""
    draft = locked(actor, draft)
    one = DraftClass(draft=draft)
    return _write(one, label, grades, staff)


@transaction.atomic
def change_class(
    *, actor: Any, one: DraftClass, label: str, grades: Iterable[str], staff: Iterable[Person] = ()
) -> DraftClass:
    locked(actor, one.draft)
    return _write(DraftClass.objects.get(pk=one.pk), label, grades, staff)


def _write(one: DraftClass, label: str, grades: Iterable[str], staff: Iterable[Person]) -> DraftClass:
    one.label, one.grades = " ".join(label.split()), list(grades)
    if DraftClass.objects.filter(draft=one.draft_id, label=one.label).exclude(pk=one.pk).exists():
        raise DomainError(_("Une classe porte déjà ce nom."), code="label_taken")
    one.save()
    one.staff.set(staff)
    return one


@transaction.atomic
def remove_class(*, actor: Any, one: DraftClass) -> None:
    """Its pupils are again to be placed."""
    locked(actor, one.draft)
    one.delete()
