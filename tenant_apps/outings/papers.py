"""The list to take along, and the authorisations as they were signed."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import clock, day
from tenant_apps.outings.lists import Adult, Line, who_goes
from tenant_apps.outings.models import Outing

SOURCE = Path(__file__).parent / "typst" / "outing.typ"


def roll_call_pdf(outing: Outing) -> bytes:
    who = who_goes(outing)
    companions = outing.companions.select_related("account")
    hours = {"start": clock(outing.leaves_at), "end": clock(outing.comes_back_at)}
    document = {
        "title": outing.title,
        "school": str(outing.school_class.school),
        "class": outing.school_class.label,
        "when": f"{day(outing.day)}, {_('%(start)s – %(end)s') % hours}",
        "place": outing.place,
        "going": [line.name for line in who.going],
        "staying": [line.name for line in [*who.staying, *who.missing]],
        "companions": [str(one.account) for one in companions],
        "signed": [_signed(line, adult) for line in who.lines for adult in line.adults if adult.slot.is_signed],
        "made": _("Édité le %(day)s.") % {"day": day(timezone.localdate())},
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def _signed(line: Line, adult: Adult) -> list[Any]:
    """« Inès Ferrer, Sophie Ferrer, participe, le jeudi 26 novembre, sur papier »."""
    how = _("sur papier") if adult.slot.is_paper else _("dans l’ENT")
    return [line.name, adult.person.full_name, adult.answer, day(timezone.localdate(adult.slot.signed_at)), how]
