"""The register of a class for a month, as it is printed and signed; the absences that must be signalled."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.opendocument import spreadsheet
from core.words import day, share
from tenant_apps.attendance.half_days import HalfDay, month_of, open_half_days
from tenant_apps.attendance.models import Mark, RollCall
from tenant_apps.attendance.reasons import FLAGS, Status
from tenant_apps.people.models import Enrollment, Guardianship

FOLDER = Path(__file__).parent / "typst"
THRESHOLD = 4  # half-days in the month, « sans motif légitime ni excuses valables » (R131-7)
LETTERS = {Status.EXCUSED: "A", Status.UNEXCUSED: "N", Status.PENDING: "?"}
NOT_CALLED, ELSEWHERE = "·", "–"


@dataclass(frozen=True)
class Row:
    enrollment: Enrollment
    cells: list[str]
    expected: int  # half-days called while the pupil was in the class
    absences: int
    unexcused: int

    @property
    def name(self) -> str:
        person = self.enrollment.pupil.person
        return f"{person.last_name} {person.first_name}"


@dataclass(frozen=True)
class Register:
    school_class: Any
    first: date
    half_days: list[HalfDay]
    rows: list[Row]
    to_judge: list[Mark]

    @property
    def title(self) -> str:
        return _("Registre d’appel, %(month)s") % {"month": date_format(self.first, "F Y")}

    @property
    def absences(self) -> int:
        return sum(row.absences for row in self.rows)

    @property
    def rate(self) -> str:
        """Absent half-days over those when the call was made, each pupil from their first day to their last."""
        expected = sum(row.expected for row in self.rows)
        return share(self.absences, expected) if expected else "–"


def register_of(school_class: Any, first: date) -> Register:
    """Four queries. Half-days to come are left out."""
    first, last = month_of(first)
    half_days = [one for one in open_half_days(school_class.school, first, last) if one <= HalfDay.now()]
    rolls = RollCall.objects.validated().filter(school_class=school_class, day__range=(first, last))
    called = {HalfDay(roll_day, half) for roll_day, half in rolls.order_by("day").values_list("day", "half")}
    marks = Mark.objects.validated().of_classes([school_class]).between(first, last)
    marks = list(marks.select_related("roll_call", "pupil__person").order_by("roll_call__day", "roll_call__half", "pk"))
    by_pupil: dict[Any, dict[HalfDay, Mark]] = defaultdict(dict)
    for mark in marks:
        by_pupil[mark.pupil_id][mark.roll_call.half_day] = mark
    rows = [_row(row, half_days, called, by_pupil[row.pupil_id]) for row in _enrolled(school_class, first, last)]
    to_judge = [mark for mark in marks if mark.is_absence and mark.status != Status.EXCUSED]
    return Register(school_class, first, half_days, rows, to_judge)


def _enrolled(school_class: Any, first: date, last: date) -> Iterable[Enrollment]:
    staying = Q(ends_on=None) | Q(ends_on__gt=first)
    rows = Enrollment.objects.filter(staying, school_class=school_class, starts_on__lte=last)
    return rows.select_related("pupil__person").order_by("pupil__person__sort_name", "starts_on", "pk")


def _row(enrollment: Enrollment, half_days: list[HalfDay], called: set[HalfDay], marks: dict[HalfDay, Mark]) -> Row:
    mine = [one for one in half_days if _is_there(enrollment, one.day)]
    counted = [marks[one] for one in mine if one in marks and _counts(marks[one])]
    return Row(
        enrollment=enrollment,
        cells=[_cell(one, called, marks.get(one)) if one in mine else ELSEWHERE for one in half_days],
        expected=sum(one in called for one in mine),
        absences=len(counted),
        unexcused=sum(mark.status == Status.UNEXCUSED for mark in counted),
    )


def _is_there(enrollment: Enrollment, on: date) -> bool:
    return enrollment.starts_on <= on and (enrollment.ends_on is None or on < enrollment.ends_on)


def _counts(mark: Mark) -> bool:
    return mark.is_absence and FLAGS[mark.reason].counts


def _cell(half_day: HalfDay, called: set[HalfDay], mark: Mark | None) -> str:
    if mark is None:
        return "" if half_day in called else NOT_CALLED
    return LETTERS[Status(mark.status)] if mark.is_absence else {"late": "R", "left": "D"}[mark.kind]


def register_pdf(register: Register) -> bytes:
    document = {
        "title": register.title,
        "school": str(register.school_class.school),
        "class": register.school_class.label,
        "days": [[str(one.day.day), one.label[:1]] for one in register.half_days],
        "rows": [[row.name, *row.cells, str(row.absences), str(row.unexcused)] for row in register.rows],
        "summary": _("%(absences)s demi-journées d’absence ; taux d’absence : %(rate)s")
        % {"absences": register.absences, "rate": register.rate},
        "made": _("Édité le %(day)s.") % {"day": day(timezone.localdate())},
    }
    return _compile("register.typ", document)


def register_ods(register: Register) -> bytes:
    days = [_("%(day)s %(half)s") % {"day": f"{one.day:%d/%m}", "half": one.label} for one in register.half_days]
    heads = [_("Élève"), *days, _("Absences"), _("Non justifiées"), _("Demi-journées appelées")]
    rows = [[row.name, *row.cells, row.absences, row.unexcused, row.expected] for row in register.rows]
    return spreadsheet(register.title, [heads, *rows])


# --- what is signalled


@dataclass(frozen=True)
class Signalled:
    pupil: Any
    school_class: Any
    marks: list[Mark]


def signalled(classes: Any, first: date) -> list[Signalled]:
    """Pupils at the threshold in that month. One query."""
    first, last = month_of(first)
    rows = Mark.objects.unexcused().of_classes(classes).between(first, last)
    rows = rows.select_related("pupil__person", "roll_call__school_class__school")
    by_pupil: dict[Any, list[Mark]] = defaultdict(list)
    for mark in rows.order_by("pupil__person__sort_name", "roll_call__day", "roll_call__half", "pk"):
        by_pupil[mark.pupil_id].append(mark)
    found = [marks for marks in by_pupil.values() if len(marks) >= THRESHOLD]
    return [Signalled(marks[0].pupil, marks[-1].roll_call.school_class, marks) for marks in found]


def signalling_pdf(one: Signalled, first: date) -> bytes:
    links = Guardianship.objects.informed().filter(pupil=one.pupil).select_related("guardian").order_by("pk")
    person = one.pupil.person
    document = {
        "title": _("Absences à signaler, %(month)s") % {"month": date_format(first, "F Y")},
        "school": str(one.school_class.school),
        "facts": [
            [_("Élève"), person.full_name],
            [_("Classe"), one.school_class.label],
            [_("Responsables"), ", ".join(link.guardian.full_name for link in links) or "–"],
            [_("Demi-journées sans motif légitime"), str(len(one.marks))],
        ],
        "days": [
            [day(mark.roll_call.day), mark.roll_call.get_half_display(), mark.get_reason_display() or _("sans motif")]
            for mark in one.marks
        ],
        "made": _("Édité le %(day)s.") % {"day": day(timezone.localdate())},
    }
    return _compile("signalling.typ", document)


def _compile(source: str, document: dict[str, Any]) -> bytes:
    return typst.compile((FOLDER / source).read_bytes(), format="pdf", sys_inputs={"data": json.dumps(document)})
