"""The year of a class on paper: what was given, for when, by whom, and what the head has seen of it."""

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


def file_name(school_class: Any) -> str:
    return f"cahier-de-textes-{slugify(school_class.label)}-{school_class.year.label}.pdf"


def pdf_of(school_class: Any) -> bytes:
    rows = Homework.objects.standing().filter(school_class=school_class).select_related("author", "visa_by")
    document = {
        "title": _("Cahier de textes"),
        "place": f"{school_class.label} · {school_class.school.name} · {school_class.year.label}",
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
