"""The year of a class, or of a group of pupils, on paper: what was given, for when, by whom, what the head has seen."""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.words import day, short_day
from tenant_apps.homework.models import Homework

SOURCE = Path(__file__).parent / "typst" / "archive.typ"


def file_name(place: Any) -> str:
    return f"cahier-de-textes-{slugify(str(place))}-{place.year.label}.pdf"


def pdf_of(place: Any) -> bytes:
    rows = Homework.objects.standing().given_at([place.pk]).select_related("author", "visa_by")
    document = {
        "title": _("Cahier de textes"),
        "place": f"{place} · {place.school.name} · {place.year.label}",
        "made": _("Imprimé %(day)s") % {"day": day(timezone.localdate())},
        "columns": [_("Pour le"), _("Matière"), _("Travail"), _("Donné par"), _("Visa")],
        "rows": [_row(one) for one in rows],
        "empty": _("Aucun devoir cette année."),
    }
    return typst.compile(SOURCE.read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})


def _row(one: Homework) -> list[str]:
    until = _(" (%(recurrence)s jusqu’au %(day)s)") % {
        "recurrence": one.get_recurrence_display(),
        "day": short_day(one.until),
    } if one.until else ""  # fmt: skip
    some = "" if one.is_for_all else _(" · pour certains enfants")
    work = "\n".join(filter(None, [one.title + some, one.instruction]))
    visa = short_day(one.visa_at) if one.visa_at else ""
    return [short_day(one.due_on) + until, one.subject, work, str(one.author), visa]
