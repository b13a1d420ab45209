"""What happened to a case, the latest first: its states, the mandate, tasks done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.onboarding.models import Case


@dataclass(frozen=True, slots=True)
class Moment:
    on: date
    title: str
    detail: str = ""


def history(case: Case) -> list[Moment]:
    """Of a case that came `with_convention`."""
    found = [
        Moment(event.on, str(event.get_state_display()).capitalize(), _join(event.detail, event.recorded_by))
        for event in case.events.all()
    ]
    for mandate in case.mandates.all():
        found.append(
            Moment(
                _day(mandate.created_at),
                _("Mandat de %(name)s demandé à la mairie") % {"name": mandate.full_name},
                _("remplacé depuis") if mandate.withdrawn_at else "",
            )
        )
        if mandate.answered_at:
            words = _("Mandat de %(name)s confirmé") if mandate.is_confirmed else _("Mandat de %(name)s refusé")
            found.append(Moment(_day(mandate.answered_at), words % {"name": mandate.full_name}, mandate.answered_by))
    found += [
        Moment(task.done_on, _("Fait : %(title)s") % {"title": task.title}, _join("", task.done_by))
        for task in case.tasks.exclude(done_on=None).filter(template="").select_related("done_by")
    ]
    found.reverse()  # of the same day, the later written first
    return sorted(found, key=lambda moment: moment.on, reverse=True)


def _day(at: Any) -> date:
    return timezone.localtime(at).date()


def _join(detail: str, person: Any) -> str:
    return " · ".join(filter(None, [detail, person.get_full_name() if person else ""]))
