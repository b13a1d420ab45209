"""The follow-up of a note as a spreadsheet: one row a child and adult, class by class."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.opendocument import spreadsheet
from tenant_apps.liaison.follow_up import FORGOTTEN, FollowUp


def report_ods(state: FollowUp) -> bytes:
    heads = [
        _("Classe"),
        _("Enfant"),
        _("Responsable"),
        _("État"),
        _("Réponse"),
        _("Lu le"),
        _("Signé le"),
        _("Papier enregistré par"),
        _("Un mot à l’enseignant"),
    ]
    return spreadsheet(state.note.title, [heads, *_rows(state)])


def _rows(state: FollowUp) -> Iterable[list[Any]]:
    for child in sorted(state.children, key=lambda child: str(child.enrollment.school_class)):
        for adult in child.adults:
            slot = adult.slot
            yield [
                child.enrollment.school_class,
                child.pupil.person.full_name,
                adult.person.full_name,
                adult.stage.label,
                adult.answer,
                _day(slot.read_at),
                _day(slot.signed_at),
                (slot.signed_by or FORGOTTEN.full_name) if slot.is_paper else "",
                "\n".join(
                    [slot.comment, *(r.body for r in child.said if r.author_id == adult.person.account_id)]
                ).strip(),
            ]


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "d/m/Y H:i") if moment else ""
