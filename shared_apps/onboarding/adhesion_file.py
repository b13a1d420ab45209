"""A file « uai;date » of the schools that joined, read and checked: a wrong line is said with its number, in French."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.encodings import DoubtfulText, decoded
from shared_apps.reference.models import RefSchool

COLUMNS = ("uai", "date")
ZIP = b"PK\x03\x04"  # .xlsx and .ods
LONGEST = 40  # of a cell, in a report
FIRST_YEAR = 2000  # no ENT before: a year mistyped


@dataclass(slots=True)
class Reading:
    days: dict[str, date] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    errors: list[str] = field(default_factory=list)
    line: int = 0  # where the row that is read ends

    def refuse(self, line: int, why: str) -> None:
        self.errors.append(_("Ligne %(line)d : %(message)s") % {"line": line, "message": why})


def read(data: bytes) -> Reading:
    reading = Reading()
    try:
        text = decoded(data)
    except DoubtfulText:
        _say_unreadable(reading, data)
        return reading
    if not text.strip():
        reading.errors.append(_("Le fichier est vide."))
        return reading
    try:
        _read_rows(reading, _rows(reading, text))
    except csv.Error:  # its words are English, and its line the last one when a quote is open
        reading.refuse(
            reading.line + 1, _("ce n’est pas du CSV (un guillemet mal fermé ?) ; la suite n’a pas été lue.")
        )
    if not (reading.errors or reading.days):
        reading.errors.append(_("Le fichier ne contient aucune école."))
    return reading


def _say_unreadable(reading: Reading, data: bytes) -> None:
    if data.startswith(ZIP):
        reading.errors.append(_("C’est un classeur de tableur : enregistrez-le en CSV, puis redonnez-le."))
        return
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            decoded(line)
        except DoubtfulText:
            reading.refuse(number, _("ce n’est pas un texte lisible : enregistrez le fichier en CSV UTF-8."))
            return
    reading.errors.append(_("Le fichier n’est pas un texte lisible : enregistrez-le en CSV UTF-8."))


def _rows(reading: Reading, text: str) -> Iterator[list[str]]:
    """Those that are not empty, without the spaces around."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    for row in rows:
        reading.line = rows.line_num
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield cells


def _read_rows(reading: Reading, rows: Iterator[list[str]]) -> None:
    heads = [cell.lower() for cell in next(rows, [])]
    for name in COLUMNS:
        if name not in heads:
            text = _("la colonne « %(name)s » manque (« uai;date » est attendu, avec un point-virgule).")
            reading.refuse(reading.line, text % {"name": name})
        elif heads.count(name) > 1:
            reading.refuse(reading.line, _("la colonne « %(name)s » est là plusieurs fois.") % {"name": name})
    if reading.errors:
        return
    for cells in rows:
        if len(cells) != len(heads):
            reading.refuse(reading.line, _("le nombre de colonnes n’est pas celui de l’en-tête."))
            continue
        row = dict(zip(heads, cells, strict=True))
        _read_row(reading, row["uai"].upper(), row["date"])


def _read_row(reading: Reading, uai: str, text: str) -> None:
    line, day = reading.line, _day(text)
    uai, text = _shown(uai), _shown(text)
    if not uai:
        reading.refuse(line, _("le numéro UAI manque."))
    elif not text:
        reading.refuse(line, _("la date de %(uai)s manque.") % {"uai": uai})
    elif day is None or day.year < FIRST_YEAR:
        reading.refuse(line, _("« %(text)s » n’est pas une date (2019-09-02 ou 02/09/2019).") % {"text": text})
    elif day > timezone.localdate():
        reading.refuse(line, _("la date de %(uai)s est à venir : %(text)s.") % {"uai": uai, "text": text})
    elif reading.days.get(uai, day) != day:
        words = {"uai": uai, "line": reading.lines[uai]}
        reading.refuse(line, _("%(uai)s a déjà une autre date à la ligne %(line)d.") % words)
    elif uai in reading.days:
        reading.repeated += 1
    else:
        reading.days[uai], reading.lines[uai] = day, line


def _shown(cell: str) -> str:
    """As a report can say it: a cell may hold anything, a page long."""
    return Truncator(" ".join(cell.split())).chars(LONGEST)


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


def checked(reading: Reading) -> dict[str, RefSchool]:
    """The schools of the file; those that can't join are said with their line, in the order of the file."""
    found = RefSchool.objects.filter(uai__in=reading.days).select_related("commune").in_bulk(field_name="uai")
    for uai, line in reading.lines.items():
        why = _why_not(uai, found.get(uai))
        if why:
            reading.refuse(line, why)
    reading.errors.sort(key=_line_of)
    return found


def _line_of(error: str) -> int:
    digits = "".join(c for c in error.split(":", 1)[0] if c.isdigit())
    return int(digits) if digits else 0


def _why_not(uai: str, school: RefSchool | None) -> str:
    if school is None:
        return _("%(uai)s n’est pas une école du référentiel de l’académie.") % {"uai": uai}
    words = {"uai": uai, "name": school.name, "commune": school.commune.name}
    if not school.is_public:
        return _("%(uai)s (%(name)s, %(commune)s) est une école privée.") % words
    if school.removed_on is not None or school.commune.removed_on is not None:
        return _("%(uai)s (%(name)s, %(commune)s) est fermée : elle n’est plus au référentiel.") % words
    return ""
