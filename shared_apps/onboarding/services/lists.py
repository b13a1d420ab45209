"""A list of communes as a file: planned line by line, reviewed, then applied. Wrong lines stay, with their reason."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.encodings import DoubtfulText, decoded
from core.errors import DomainError
from core.text import fold, sort_key
from shared_apps.audit import services as audit
from shared_apps.files import services as files
from shared_apps.files.kinds import KINDS, OFFICE, TEXT
from shared_apps.files.models import StoredFile
from shared_apps.files.storage import path_of, storage
from shared_apps.onboarding.models import Case, CaseContact, CommuneList
from shared_apps.onboarding.services import waves
from shared_apps.onboarding.services.cases import save_contact, start_case
from shared_apps.onboarding.services.mandates import save_official_address
from shared_apps.reference.models import RefCommune, RefSchool

FILE = "onboarding.list"
XLSX = OFFICE["xl/workbook.xml"]
KINDS_READ = frozenset({TEXT, XLSX})
MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 1_000
# A title, without accents nor signs, and the value it holds.
TITLES = {
    "insee": "insee", "code insee": "insee", "commune": "name", "nom": "name", "nom de la commune": "name",
    "departement": "department", "code departement": "department",
    "prenom du maire": "mayor_first", "nom du maire": "mayor_last",
    "adresse officielle": "official", "courriel officiel": "official", "courriel": "official",
    "source": "source", "source de l adresse": "source",
    "prenom du contact": "first", "nom du contact": "last", "courriel du contact": "email",
}  # fmt: skip
MODEL = (
    "Code INSEE", "Commune", "Département", "Prénom du maire", "Nom du maire", "Adresse officielle", "Source",
    "Prénom du contact", "Nom du contact", "Courriel du contact",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    number: int
    cells: dict[str, str]
    commune: RefCommune | None = None
    is_new: bool = False
    says: list[str] = field(default_factory=list)  # what applying it will do
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.commune.name if self.commune else self.cells.get("name") or self.cells.get("insee", "")


@dataclass(slots=True)
class Plan:
    lines: list[Line] = field(default_factory=list)
    problem: str = ""  # the file itself can't be read

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.errors]

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.errors]


def give_list(*, actor: Any, upload: Any, name: str = "") -> CommuneList:
    """Keep the file for its review. Raises `DomainError`."""
    if upload.size and upload.size > MAX_BYTES:
        raise DomainError(_("Ce fichier est trop gros pour une liste de communes (2 Mo au plus)."), code="too_big")
    with transaction.atomic():
        file = files.store(actor=actor, upload=upload, purpose=FILE, kinds=KINDS_READ)
        given = CommuneList.objects.create(file=file, name=name, given_by=actor)
        audit.record(actor=actor, action="onboarding.list_given", obj=given)
    return given


def plan_of(given: CommuneList) -> Plan:
    """Read anew each time: what the case files say today, not what they said at the upload."""
    with storage().open(path_of(given.file_id)) as stream:
        data = stream.read()
    try:
        rows = _rows(data, KINDS[given.file.mime_type])
    except DomainError as refusal:
        return Plan(problem=refusal.message)
    plan = Plan(lines=[Line(number, cells) for number, cells in rows])
    _find_communes(plan)
    _foresee(plan)
    return plan


def apply_list(*, actor: Any, given: CommuneList) -> CommuneList:
    """All the good lines at once, and the wave when a name was given. Applied once. Raises `DomainError`."""
    with transaction.atomic():
        given = CommuneList.objects.select_for_update(of=("self",)).select_related("file").get(pk=given.pk)
        if given.applied_at is not None:
            return given
        plan = plan_of(given)
        if plan.problem or not plan.good:
            raise DomainError(plan.problem or _("Aucune ligne ne peut être appliquée."), code="nothing_to_apply")
        for line in plan.good:
            _apply(actor, line)
        if given.name:
            insees = [line.commune.insee for line in plan.good if line.commune]
            given.wave = waves.form_wave(actor=actor, name=given.name, insees=insees)
        given.applied_at = timezone.now()
        given.save(update_fields=["applied_at", "wave", "updated_at"])
        facts = {"applied": len(plan.good), "left": len(plan.wrong)}
        audit.record(actor=actor, action="onboarding.list_applied", obj=given, **facts)
    return given


def may_read_file(user: Any, file: StoredFile) -> bool:
    return user.has_perm("onboarding.manage_case")


# --- reading


def _rows(data: bytes, kind: Any) -> list[tuple[int, dict[str, str]]]:
    table = list(_sheet(data) if kind == XLSX else _text(data))
    titles = [TITLES.get(_plain(title), "") for title in (table[0] if table else [])]
    if "insee" not in titles and "name" not in titles:
        raise DomainError(
            _("La première ligne doit porter « Code INSEE », ou « Commune » et « Département »."), code="no_title"
        )
    found = []
    for number, cells in enumerate(table[1:], start=2):
        row = {title: cell.strip() for title, cell in zip(titles, cells, strict=False) if title}
        if any(row.values()):
            found.append((number, row))
    if not found:
        raise DomainError(_("Ce fichier n’a pas de ligne après ses titres."), code="empty")
    if len(found) > MAX_LINES:
        raise DomainError(_("Ce fichier a plus de %(count)d lignes.") % {"count": MAX_LINES}, code="too_long")
    return found


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(title)).strip()


def _text(data: bytes) -> Iterator[list[str]]:
    try:
        text = decoded(data)
        first = text.split("\n", 1)[0]
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    except (DoubtfulText, csv.Error) as error:
        raise DomainError(
            _("Ce fichier ne se lit pas : enregistrez-le en CSV UTF-8 ou en XLSX."), code="unreadable"
        ) from error


def _sheet(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_row=MAX_LINES + 2, max_col=40, values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    except Exception as error:  # openpyxl raises whatever the file made it meet
        raise DomainError(_("Ce classeur ne s’ouvre pas : enregistrez-le de nouveau."), code="unreadable") from error


# --- planning


def _find_communes(plan: Plan) -> None:
    """By code, or by name and département; in two queries."""
    known = {commune.insee: commune for commune in RefCommune.objects.current()}
    by_name: dict[tuple[str, str], list[RefCommune]] = {}
    for commune in known.values():
        by_name.setdefault((commune.sort_name, commune.department_code), []).append(commune)
    seen: dict[str, int] = {}
    for line in plan.lines:
        _find(line, known, by_name)
        if line.commune is None:
            continue
        if (first := seen.setdefault(line.commune.insee, line.number)) != line.number:
            line.errors.append(_("Cette commune est déjà à la ligne %(line)d.") % {"line": first})


def _find(line: Line, known: dict[str, RefCommune], by_name: dict[tuple[str, str], list[RefCommune]]) -> None:
    code, name = line.cells.get("insee", "").upper(), line.cells.get("name", "")
    if code:
        code = code.zfill(5)  # a spreadsheet eats the zero in front
        line.commune = known.get(code)
        if line.commune is None:
            line.errors.append(_("Le code INSEE %(code)s n’est pas dans l’académie.") % {"code": code})
        elif name and sort_key(name) != line.commune.sort_name:
            words = {"code": code, "found": line.commune.name, "name": name}
            line.errors.append(_("Le code %(code)s est celui de %(found)s, pas de %(name)s.") % words)
        return
    department = line.cells.get("department", "").zfill(2)
    found = by_name.get((sort_key(name), department), [])
    if not name or department == "00":
        line.errors.append(_("Sans code INSEE, il faut le nom et le numéro du département."))
    elif not found:
        words = {"name": name, "department": department}
        line.errors.append(_("Aucune commune « %(name)s » dans le département %(department)s.") % words)
    elif len(found) > 1:
        line.errors.append(_("Plusieurs communes portent ce nom : donnez le code INSEE."))
    else:
        line.commune = found[0]


def _foresee(plan: Plan) -> None:
    insees = [line.commune.insee for line in plan.lines if line.commune]
    cases = set(Case.objects.filter(commune__insee__in=insees).values_list("commune_id", flat=True))
    schools = RefSchool.objects.current().public().filter(commune__insee__in=insees)
    with_school = set(schools.order_by().values_list("commune_id", flat=True))
    for line in plan.lines:
        _check_cells(line)
        if line.commune is None:
            continue
        line.is_new = line.commune.insee not in cases
        if line.commune.insee not in with_school:
            line.errors.append(_("Cette commune n’a pas d’école publique : il n’y a rien à conventionner."))
        line.says = _words(line)


def _check_cells(line: Line) -> None:
    cells = line.cells
    for name, label in (("official", _("Adresse officielle")), ("email", _("Courriel du contact"))):
        if cells.get(name) and not _is_email(cells[name]):
            words = {"label": label, "value": cells[name][:60]}
            line.errors.append(_("%(label)s : « %(value)s » n’est pas une adresse électronique.") % words)
    for first, last, label in (("mayor_first", "mayor_last", _("maire")), ("first", "last", _("contact"))):
        if bool(cells.get(first)) != bool(cells.get(last)):
            line.errors.append(_("Il manque le prénom ou le nom (%(who)s).") % {"who": label})
    if any(len(cell) > 100 for cell in cells.values()):
        line.errors.append(_("Une case est trop longue (100 signes au plus)."))


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _words(line: Line) -> list[str]:
    found = [_("nouveau dossier") if line.is_new else _("dossier existant")]
    if line.cells.get("official"):
        found.append(_("adresse officielle"))
    if line.cells.get("mayor_last"):
        found.append(_("maire"))
    if line.cells.get("last"):
        found.append(_("contact à la mairie"))
    return found


def _apply(actor: Any, line: Line) -> None:
    assert line.commune is not None  # noqa: S101  (a good line has one)
    cells, insee = line.cells, line.commune.insee
    case = Case.objects.for_commune(insee).first() or start_case(actor=actor, insee=insee)
    if cells.get("official"):
        source = cells.get("source") or _("liste de communes déposée")
        save_official_address(actor=actor, case=case, email=cells["official"], source=source)
    for role, first, last, email in (
        (CaseContact.Role.MAYOR, "mayor_first", "mayor_last", ""),
        (CaseContact.Role.SCHOOL_SERVICE, "first", "last", cells.get("email", "")),
    ):
        if cells.get(last):
            save_contact(actor=actor, case=case, role=role, first_name=cells[first], last_name=cells[last], email=email)
