"""`reference load`: official layouts, a diff first, nothing on a wrong line, nothing the second time."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.models import Entry
from shared_apps.reference import loading
from shared_apps.reference.loading import KINDS, SHIPPED
from shared_apps.reference.models import CalendarDay, District, RefCommune, RefSchool

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("reference", "load", *arguments, stdout=out)
    return out.getvalue()


def changed(tmp_path: Path, name: str, before: str, after: str) -> Path:
    """A copy of a shipped file with one text replaced."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / name
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


def test_without_apply_the_diff_is_shown_and_nothing_is_written():
    shown = run("--kind", "communes")
    assert "1502 ajouts, 0 changements, 0 retraits" in shown
    assert "11001 Aigues-Vives" in shown
    assert not RefCommune.objects.exists()


def test_what_ships_is_loaded_and_a_second_load_changes_nothing():
    run("--apply")
    assert RefCommune.objects.count() == 1502
    assert District.objects.count() == 3
    assert RefSchool.objects.count() == 38
    assert CalendarDay.objects.count() == 36
    entries = Entry.objects.count()
    assert "0 ajouts, 0 changements, 0 retraits, 1502 identiques" in run("--apply")
    assert Entry.objects.count() == entries


def test_a_load_is_a_few_statements_whatever_the_rows():
    with CaptureQueriesContext(connection) as queries:
        loading.apply(loading.compare(KINDS["communes"]))
    assert len(queries) <= 12


def test_a_change_shows_before_and_after_then_is_written(tmp_path):
    loading.load_all()
    path = changed(tmp_path, "communes.csv", "11262,Narbonne,11,Aude,11100,57587", "11262,Narbonne,11,Aude,11100,58000")
    shown = run("--kind", "communes", "--file", str(path), "--apply")
    assert "population 57587 → 58000" in shown
    assert RefCommune.objects.get(insee="11262").population == 58000


def test_a_row_that_left_the_file_is_kept_out_of_the_counts_and_can_come_back(tmp_path):
    loading.load_all()
    line = "11002,Airoux,11,Aude,11320,201,200035855,CC Castelnaudary Lauragais Audois,CC,211100029\n"
    run("--kind", "communes", "--file", str(changed(tmp_path, "communes.csv", line, "")), "--apply")
    assert RefCommune.objects.current().count() == 1501
    assert RefCommune.objects.get(insee="11002").removed_on is not None
    run("--kind", "communes", "--apply")
    assert RefCommune.objects.get(insee="11002").removed_on is None


def test_our_hand_written_schools_speak_only_of_their_communes(settings, tmp_path):
    loading.load_all()
    other = RefSchool.objects.create(
        uai="0110076Y",
        name="École primaire",
        sort_name="ecole primaire",
        kind="primary",
        sector="public",
        commune_id="11008",
    )
    assert loading.compare(KINDS["schools"]).is_empty
    settings.REFERENCE_DIR = tmp_path
    (tmp_path / "ecoles-academie-montpellier.csv").write_text((SHIPPED / "ecoles.csv").read_text())
    assert loading.compare(KINDS["schools"]).removed == [(other.uai,)]


WRONG_FILES = [
    ("schools", "ecoles.csv", "0110427E", "0110427F", "Ligne 3 : « 0110427F » n’est pas un numéro UAI"),
    ("schools", "ecoles.csv", "Lakanal,elementaire", "Lakanal,college", "Ligne 3 : « type » vaut « college »"),
    ("schools", "ecoles.csv", "42L,118,", "42L,beaucoup,", "Ligne 3 : « nombre_eleves » doit être un nombre"),
    ("schools", "ecoles.csv", "8 rue de Blida,", "8 rue de Blida", "Ligne 3 : le nombre de colonnes"),
    ("schools", "ecoles.csv", "Blida,,11100,11262", "Blida,,11100,99999", "la commune 99999 n’est pas"),
    ("schools", "ecoles.csv", "0110042L,118", "0110043M,118", "la circonscription 0110043M n’est pas"),
    ("schools", "ecoles.csv", "uai,nom,type", "numero,nom,type", "la colonne « uai » manque"),
    ("communes", "communes.csv", "\n11002,", "\n11001,", "Ligne 3 : « 11001 » est déjà dans le fichier"),
    ("communes", "communes.csv", "\n11002,", "\nX1002,", "n’est pas un code INSEE"),
    ("communes", "communes.csv", "11320,201,", "11320,,", "« population » doit être un nombre"),
    ("calendar", "calendrier-zone-c.csv", "2025-11-02", "2025-10-02", "le dernier jour doit suivre"),
    ("calendar", "calendrier-zone-c.csv", "2025-10-18", "18/10/2025", "doit être une date AAAA-MM-JJ"),
]


@pytest.mark.parametrize(("kind", "name", "before", "after", "message"), WRONG_FILES)
def test_a_wrong_file_is_refused_in_french_and_changes_nothing(tmp_path, kind, name, before, after, message):
    loading.apply(loading.compare(KINDS["communes"]))
    loading.apply(loading.compare(KINDS["districts"]))
    path = changed(tmp_path, name, before, after)
    with pytest.raises(CommandError) as refusal:
        run("--kind", kind, "--file", str(path), "--apply")
    assert message in str(refusal.value)
    assert "rien n’a été modifié" in str(refusal.value)
    assert not RefSchool.objects.exists()
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b'uai,nom\n"a', b""])
def test_what_is_not_a_csv_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="rien n’a été modifié"):
        run("--kind", "schools", "--file", str(path), "--apply")


def test_a_column_that_our_own_files_leave_out_takes_its_default(tmp_path):
    run("--kind", "communes", "--kind", "districts", "--apply")
    path = changed(tmp_path, "ecoles.csv", "nombre_eleves,ulis", "autre,ulis")
    assert "38 ajouts" in run("--kind", "schools", "--file", str(path), "--apply")
    assert RefSchool.objects.get(uai="0110427E").pupils is None
