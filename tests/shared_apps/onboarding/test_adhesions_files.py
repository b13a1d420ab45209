"""Files of adhesions as people make them: what is wrong is said with its line, and nothing moves; the rest is read."""

import gzip
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.audit.models import Entry
from shared_apps.onboarding.models import Case, CaseEvent, Convention, ConventionSchool, ConventionSignature
from shared_apps.onboarding.services.adhesions import load_adhesions
from shared_apps.reference.models import RefSchool
from tests.shared_apps.onboarding.factories import NARBONNE

pytestmark = pytest.mark.django_db
FIRST, SECOND = "0110427E", "0110429G"  # two schools of Narbonne
PRIVATE, CLOSED = "0110357D", "0110247J"  # made so below
GOOD = f"{FIRST};2022-03-01"
TO_COME = timezone.localdate() + timedelta(days=2)


def workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def of(*lines: str, head: str = "uai;date", end: str = "\n", encoding: str = "utf-8") -> bytes:
    return end.join([head, *lines, ""]).encode(encoding)


MANY = of(*(f"{n:07}Z;2022-03-01" for n in range(200_000)))
WRONG = {
    "no byte": (b"", "Le fichier est vide."),
    "a BOM alone": (b"\xef\xbb\xbf", "Le fichier est vide."),
    "blank lines": (b" \n\n\t\n", "Le fichier est vide."),
    "a head alone": (of(), "Le fichier ne contient aucune école"),
    "no head": (of(head=GOOD), "Ligne 1 : la colonne « uai » manque"),
    "another column": (of("x;y", head="uai;jour"), "Ligne 1 : la colonne « date » manque"),
    "a head in the second line": (of("uai;date", GOOD, head="Adhésions"), "Ligne 1 : la colonne « uai » manque"),
    "commas": (b"uai,date\n0110427E,2022-03-01\n", "Ligne 1 : la colonne « uai » manque"),
    "tabs": (b"uai\tdate\n0110427E\t2022-03-01\n", "Ligne 1 : la colonne « uai » manque"),
    "two columns of dates": (
        of(f"{GOOD};2021-01-04", head="uai;date;DATE"),
        "Ligne 1 : la colonne « date » est là plu",
    ),
    "two columns of schools": (of(f"{FIRST};{GOOD}", head="uai;UAI;date"), "Ligne 1 : la colonne « uai » est là plu"),
    "a column too many": (of(GOOD, f"{SECOND};2022-03-01;x"), "Ligne 3 : le nombre de colonnes"),
    "a column too few": (of(GOOD, SECOND), "Ligne 3 : le nombre de colonnes"),
    "a line of commas": (of(GOOD, "", f"{SECOND},2022-03-01"), "Ligne 4 : le nombre de colonnes"),
    "a school that is none": (of(GOOD, "0119999Z;2022-03-01"), "Ligne 3 : 0119999Z n’est pas une école du référentiel"),
    "no code": (of(GOOD, "école;2022-03-01"), "Ligne 3 : ÉCOLE n’est pas une école du référentiel"),
    "a code without its letter": (of(GOOD, "0110429;2022-03-01"), "Ligne 3 : 0110429 n’est pas une école"),
    "a cell of a page": (of(GOOD, f"{'x' * 5000};2022-03-01"), "Ligne 3 : XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX… n"),
    "a missing code": (of(GOOD, ";2022-03-01"), "Ligne 3 : le numéro UAI manque"),
    "a missing date": (of(GOOD, f"{SECOND};"), f"Ligne 3 : la date de {SECOND} manque"),
    "a private school": (of(GOOD, f"{PRIVATE};2022-03-01"), f"Ligne 3 : {PRIVATE} (.+) est une école privée"),
    "a closed school": (of(GOOD, f"{CLOSED};2022-03-01"), f"Ligne 3 : {CLOSED} (.+) est fermée"),
    "two dates": (of(GOOD, f"{FIRST};2022-03-02"), f"Ligne 3 : {FIRST} a déjà une autre date à la ligne 2"),
    "two dates, in two cases": (of(GOOD, f"{FIRST.lower()};2022-03-02"), "Ligne 3 : .* à la ligne 2"),
    "a day to come": (of(GOOD, f"{SECOND};{TO_COME}"), f"Ligne 3 : la date de {SECOND} est à venir"),
    "no day of the calendar": (of(GOOD, f"{SECOND};31/02/2022"), "Ligne 3 : « 31/02/2022 » n’est pas une date"),
    "before any ENT": (of(GOOD, f"{SECOND};0019-09-02"), "Ligne 3 : « 0019-09-02 » n’est pas une date"),
    "months first": (of(GOOD, f"{SECOND};09/22/2021"), "Ligne 3 : « 09/22/2021 » n’est pas une date"),
    "two digits of a year": (of(GOOD, f"{SECOND};02/09/21"), "Ligne 3 : « 02/09/21 » n’est pas une date"),
    "dots": (of(GOOD, f"{SECOND};02.09.2021"), "Ligne 3 : « 02.09.2021 » n’est pas une date"),
    "words": (of(GOOD, f"{SECOND};2 septembre 2021"), "Ligne 3 : « 2 septembre 2021 » n’est pas une date"),
    "the number of a spreadsheet": (of(GOOD, f"{SECOND};44441"), "Ligne 3 : « 44441 » n’est pas une date"),
    "a moment": (of(GOOD, f"{SECOND};2021-09-02 00:00:00"), "Ligne 3 : « 2021-09-02 00:00:00 » n’est pas une date"),
    "UTF-16": (of(GOOD, encoding="utf-16"), "Ligne 1 : ce n’est pas un texte lisible"),
    "an old code": (of(GOOD, "école;2022-03-01", encoding="cp850"), "Ligne 3 : ce n’est pas un texte lisible"),
    "garbled once": (of(GOOD, "Ã©cole;2022-03-01"), "Ligne 3 : ce n’est pas un texte lisible"),
    "a NUL": (of(GOOD, f"{SECOND};2022\0-03-01"), "Ligne 3 : ce n’est pas un texte lisible"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "Ligne 1 : ce n’est pas un texte lisible"),
    "compressed": (gzip.compress(of(GOOD)), "Ligne 1 : ce n’est pas un texte lisible"),
    "a workbook": (workbook(), "C’est un classeur de tableur"),
    "an open quote": (of(GOOD, f'"{SECOND};2022-03-01', GOOD), "Ligne 3 : ce n’est pas du CSV"),
    "an open quote and a long way": (of(f'"{SECOND};', *[GOOD] * 20_000), "Ligne 2 : ce n’est pas du CSV"),
    "a quote in the middle": (of(GOOD, f'"{SECOND}"x;2022-03-01'), "Ligne 3 : ce n’est pas du CSV"),
    "a good line after a wrong one": (of("x;y", GOOD), "Ligne 2 : « y » n’est pas une date"),
    "two hundred thousand lines": (MANY, "Ligne 2 : 0000000Z n’est pas .*… et .+ autres erreurs"),
}


@pytest.fixture
def before(reference):
    """Everything that a load may write, with a former file in it."""
    load_adhesions(actor=None, data=of(f"{FIRST};2021-09-02", f"{PRIVATE};2021-09-02"))
    RefSchool.objects.filter(uai=PRIVATE).update(sector="private")
    RefSchool.objects.filter(uai=CLOSED).update(removed_on=timezone.localdate())
    return written()


def written() -> list[list[dict[str, object]]]:
    models = (Case, CaseEvent, Convention, ConventionSchool, ConventionSignature, Entry)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(("data", "why"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_in_french_and_changes_nothing(before, tmp_path, data, why):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=rf"(?s)a\.csv : rien n’a été modifié\.\n  {why}"):
        call_command("adhesions", "load", str(path))
    assert written() == before


RIGHT = {
    "as said": of(GOOD),
    "with a BOM": of(GOOD, encoding="utf-8-sig"),
    "of Windows": of(f"{GOOD};héritée", head="uai;date;école", encoding="cp1252", end="\r\n"),
    "of an old Mac": of(GOOD, end="\r"),
    "columns in another order": of(f"2022-03-01;;{FIRST}", head="Date ; note;UAI"),
    "capitals, small letters, spaces": of(f" {FIRST.lower()} ; 01/03/2022 ", head=" UAI ;DATE"),
    "no-break spaces": of(f"\u00a0{FIRST};2022-03-01\u202f"),
    "quotes": of(f'"{FIRST}";"2022-03-01"', head='"uai";"date"'),
    "a line break in a note": of(f'{GOOD};"a\nb"', head="uai;date;note"),
    "empty lines": of("", GOOD, " ; ", "", head="\nuai;date"),
    "no end of line": of(GOOD).rstrip(),
    "empty columns": of(f"{GOOD};;", head="uai;date;;"),
    "today": of(f"{FIRST};{timezone.localdate():%d/%m/%Y}"),
    "a line a hundred thousand times": of(*[GOOD] * 100_000),
}


@pytest.mark.parametrize("data", RIGHT.values(), ids=RIGHT)
def test_the_file_may_come_from_any_spreadsheet(reference, data):
    assert load_adhesions(actor=None, data=data).added == [NARBONNE]
    assert ConventionSchool.objects.get().school_id == FIRST
