"""What a file may look like: variants that all say the same, files that are refused, lines that are rejected."""

import unicodedata
from datetime import date

import pytest

from core.errors import DomainError
from tenant_apps.imports import reading
from tenant_apps.imports.kinds import Parsed, parse, recognise
from tenant_apps.imports.samples import PUPIL_HEADERS
from tests.tenant_apps.imports import files

pytestmark = pytest.mark.django_db  # the layouts are data
BE1D = (
    '"Nom Elève";"Nom d\'usage Elève";"Prénom Elève";"Date naissance";"Sexe";"Adresse1";"Cp1";"Commune1";"Pays1";'
    '"Adresse2";"Cp2";"Commune2";"Pays2";" Cycle";"Niveau";"Classe";"Attestation fournie";"Autorisations associations";'
    '"Autorisations photos";"Décision de passage"'
)
ROW = (
    "D'ALMÉIDA;;Zoé;2018-03-14;F;000000001AA;1 rue de l'OEuvre;11100;NARBONNE;FRANCE;;;;;CYCLE II;CE2;"
    "CE2 Mme Vidal;900001;Oui;Non;Non;"
)
TEXT = f"{PUPIL_HEADERS}\r\n{ROW}\r\n"
OLD_ROW = (
    '"D\'ALMÉIDA";;"Zoé";"14/03/2018";"F";"1 rue de l\'OEuvre";"11100";"NARBONNE";"FRANCE";;;;;"CYCLE II";"CE2";'
    '"CE2 Mme Vidal";"Oui";"Non";"Non";'
)


def latin(text: str) -> bytes:
    return text.encode("iso-8859-1")


def quoted(text: str) -> str:
    """Every value between quotes, the empty ones left bare, as the older exports write."""
    return "\r\n".join(";".join(f'"{cell}"' if cell else "" for cell in line.split(";")) for line in text.splitlines())


SAME = {
    "iso-8859-1": latin(TEXT),
    "windows-1252": TEXT.encode("cp1252"),
    "iso-8859-15": TEXT.encode("iso-8859-15"),
    "utf-8": TEXT.encode(),
    "utf-8 with BOM": TEXT.encode("utf-8-sig"),
    "utf-8, decomposed accents": unicodedata.normalize("NFD", TEXT).encode(),
    "curly apostrophes of a spreadsheet": TEXT.replace("'", "’").encode("cp1252"),
    "curly apostrophes in utf-8": TEXT.replace("'", "’").encode(),
    "LF": latin(TEXT.replace("\r\n", "\n")),
    "CR": latin(TEXT.replace("\r\n", "\r")),
    "no end of line at the end": latin(TEXT.rstrip()),
    "quoted": latin(quoted(TEXT)),
    "quoted, LF": latin(quoted(TEXT).replace("\r\n", "\n")),
    "quoted headers only": latin(f"{quoted(PUPIL_HEADERS)}\r\n{ROW}\r\n"),
    "blank lines": latin(TEXT.replace("\r\n", "\r\n\r\n;;;\r\n")),
    "blank line on top": latin(f"\r\n{TEXT}"),
    "spaces around the cells": latin(TEXT.replace(";", " ; ")),
    "tabs around the cells": latin(TEXT.replace(";CE2;", ";\tCE2\t;")),
    "headers in capitals": (TEXT.split("\r\n")[0].upper() + "\r\n" + TEXT.split("\r\n")[1]).encode(),
    "headers without accents": latin(TEXT.replace("Nom élève", "Nom Eleve").replace("Prénom élève", "PRENOM ELEVE")),
    "the old header of the name": latin(TEXT.replace("Nom élève", "Nom Elève")),
    "unknown columns on the right": latin(TEXT.replace("passage", "passage;Dispositif(s)")),
    "an unknown column on the left": latin(
        "".join(f"x;{line}\r\n" for line in TEXT.split("\r\n") if line).replace("x;", "État;", 1)
    ),
    "columns in another order": latin(
        "\r\n".join(";".join(reversed(line.split(";"))) for line in TEXT.rstrip().split("\r\n"))
    ),
    "a line longer than the headers": latin(TEXT.rstrip() + ";;;;\r\n"),
    "a line shorter than the headers": latin(TEXT.rstrip().removesuffix(";")),
    "headers with a trailing separator": latin(TEXT.replace("passage", "passage;;")),
    "French date": latin(TEXT.replace("2018-03-14", "14/03/2018")),
    "French date of a spreadsheet": latin(TEXT.replace("2018-03-14", "14/3/2018")),
    "the long form of the grade": latin(TEXT.replace(";CE2;", ";COURS ELEMENTAIRE 2EME ANNEE;")),
    "another long form of the grade": latin(TEXT.replace(";CE2;", ";Cours élémentaire 2;")),
    "sex in words": latin(TEXT.replace(";F;", ";Féminin;")),
    "INE with spaces, in small letters": latin(TEXT.replace("000000001AA", "000 000 001 aa")),
    "two spaces inside the label": latin(TEXT.replace("CE2 Mme Vidal", "CE2  Mme Vidal")),
    "no-break space inside the label": latin(TEXT.replace("CE2 Mme Vidal", "CE2\u00a0Mme Vidal")),
    "zero-width space in the name": TEXT.replace("ALMÉIDA", "ALMÉ\u200bIDA").encode(),
}
EXPECTED = {
    "birth_name": "D’Alméida",
    "usage_name": "",
    "first_name": "Zoé",
    "birth_date": date(2018, 3, 14),
    "sex": "F",
    "ine": "000000001AA",
    "address": "1 rue de l'OEuvre",
    "postal_code": "11100",
    "city": "Narbonne",
    "grade": "CE2",
    "class_label": "CE2 Mme Vidal",
    "onde_id": "900001",
    "has_insurance": True,
    "has_photo_consent": False,
}


def parsed(data: bytes) -> list[Parsed]:
    table = reading.read(data)
    return parse(table, recognise(table))


@pytest.mark.parametrize("data", SAME.values(), ids=SAME.keys())
def test_every_variant_of_one_file_says_the_same(data):
    [row] = parsed(data)
    row.data["address"] = row.data["address"].replace("’", "'")
    assert row.data == EXPECTED
    assert not row.is_bad


def test_a_file_of_before_2017_has_twenty_columns_and_no_ine():
    [row] = parsed(latin(f"{BE1D}\r\n{OLD_ROW}\r\n"))
    assert row.data == EXPECTED | {"ine": None, "onde_id": ""}


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("name", ["Œuvrard", "Cœur", "LŒUILLET", "Šimić", "Lacœuille"])
def test_the_letters_that_latin_encodings_put_elsewhere_are_told_by_their_neighbours(name, encoding):
    text = TEXT.replace("D'ALMÉIDA", name.replace("ć", "c"))
    [row] = parsed(text.encode(encoding))
    assert row.data["birth_name"].casefold() == name.replace("ć", "c").casefold()


@pytest.mark.parametrize(
    ("typed", "read"), [("4 ½ rue Droite", "4 ½ rue Droite"), ("rue de l´Église", "rue de l´Église"), ("12½", "12½")]
)
def test_signs_of_windows_that_look_like_letters_elsewhere_stay_signs(typed, read):
    [row] = parsed(TEXT.replace("1 rue de l'OEuvre", typed).encode("cp1252"))
    assert row.data["address"] == read


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac_roman", "utf-16", "utf-16-le", "utf-32"])
def test_an_encoding_that_is_not_ours_stops_the_import(encoding):
    with pytest.raises(DomainError) as refusal:
        reading.read(TEXT.encode(encoding))
    assert refusal.value.message.endswith("Rien n’a été modifié.")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace("Zoé", "Zo\ufffd").encode(),
        TEXT.encode().decode("cp1252").encode(),  # read in the wrong code, saved again
        TEXT.replace("D'ALMÉIDA", "L´ABBÉ").encode("cp1252"),  # « L´ABBÉ » or « LŽABBÉ »
        TEXT.encode() + "Zoé".encode("cp1252"),  # two codes in one file
        latin(TEXT).replace(b"Zo\xe9", b"Zo\x82"),
        latin(TEXT).replace(b"Zo\xe9", b"Zo\x8e"),
        latin(TEXT).replace(b"Zo\xe9", b"Zo\x01"),
    ],
)
def test_damaged_accents_stop_the_import(data):
    with pytest.raises(DomainError, match=r"accents|encodage"):
        reading.read(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "vide"),
        (b"\r\n  \r\n", "vide"),
        (b"PK\x03\x04 a workbook", "tableur"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "tableur"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"Nom\0;Pr", "fichier texte"),
        (TEXT.encode("utf-16"), "fichier texte"),
        (PUPIL_HEADERS.encode(), "aucune ligne"),
        (TEXT.replace(";", ",").encode(), "points-virgules"),
        (TEXT.replace(";", "\t").encode(), "points-virgules"),
        (b"Bonjour", "points-virgules"),
        (latin(TEXT.replace(";Zo\xe9;", ';"Zo\xe9;')), "guillemet ne se ferme pas, vers la ligne 2"),
        (latin(quoted(TEXT).replace('"Zo\xe9"', '"Zo\xe9')), "guillemet ne se ferme pas"),
        (latin(TEXT) + latin(ROW + "\r\n") * reading.MAX_LINES, "plus de 20\u202f000 lignes"),
        (b"x" * (reading.MAX_BYTES + 1), "5 Mo"),
    ],
)
def test_what_is_no_file_of_onde_is_refused_with_its_reason(data, why):
    with pytest.raises(DomainError, match=why) as refusal:
        reading.read(data)
    assert refusal.value.message.endswith("Rien n’a été modifié.")


@pytest.mark.parametrize("column", ["Nom élève", "Prénom élève", "Date naissance", "Niveau", "Libellé classe"])
def test_a_needed_column_that_lacks_is_named(column):
    with pytest.raises(DomainError) as refusal:
        recognise(reading.read(latin(TEXT.replace(column, "Autre"))))
    assert refusal.value.message == (
        f"Ce fichier n’est pas un export ONDE : la colonne “{column}” manque. Rien n’a été modifié."
    )


@pytest.mark.parametrize("column", ["Nom responsable", "Prénom responsable", "Nom de famille enfant"])
def test_a_needed_column_of_the_guardians_that_lacks_is_named(column):
    data = files.guardians(files.SOPHIE).decode("iso-8859-1").replace(column, "Autre")
    with pytest.raises(DomainError, match=f"la colonne “{column}” manque"):
        recognise(reading.read(latin(data)))


@pytest.mark.parametrize(
    ("before", "after", "column", "reason"),
    [
        ("D'ALMÉIDA", "", "Nom élève", "vide"),
        ("D'ALMÉIDA", "x" * 101, "Nom élève", "100 lettres"),
        ("D'ALMÉIDA", "D?ALM?IDA", "Nom élève", "« ? »"),
        ("D'ALMÉIDA", "=1+1", "Nom élève", "« = »"),
        ("D'ALMÉIDA", "ALMEIDA2", "Nom élève", "« 2 »"),
        ("Zoé", "", "Prénom élève", "vide"),
        ("Zoé", "--", "Prénom élève", "lettres latines"),
        ("2018-03-14", "", "Date naissance", "vide"),
        ("2018-03-14", "14 mars 2018", "Date naissance", "JJ/MM/AAAA"),
        ("2018-03-14", "2018-02-30", "Date naissance", "JJ/MM/AAAA"),
        ("2018-03-14", "03/14/2018", "Date naissance", "JJ/MM/AAAA"),
        ("2018-03-14", "1978-03-14", "Date naissance", "date de naissance d’un élève"),
        ("2018-03-14", "2218-03-14", "Date naissance", "date de naissance d’un élève"),
        (";F;", ";X;", "Sexe", "ni F ni M"),
        ("000000001AA", "1,11E+09", "INE", "11 chiffres et lettres"),
        ("000000001AA", "000000001A", "INE", "11 chiffres et lettres"),
        (";CE2;", ";;", "Niveau", "vide"),
        (";CE2;", ";6EME;", "Niveau", "« 6EME »"),
        (";CE2;", ";CLIS;", "Niveau", "dispositif"),
        (";CE2;", ";ULIS école;", "Niveau", "dispositif"),
        ("CE2 Mme Vidal", "", "Libellé classe", "vide"),
        ("CE2 Mme Vidal", "x" * 101, "Libellé classe", "100 lettres"),
    ],
)
def test_a_bad_line_is_rejected_with_its_line_its_column_and_why(before, after, column, reason):
    [row] = parsed(TEXT.replace(before, after).encode())
    assert (row.is_bad, row.number, row.column) == (True, 2, column)
    assert reason in row.reason


def test_the_number_of_a_line_is_the_one_a_spreadsheet_shows():
    text = TEXT.replace("1 rue de l'OEuvre", '"1 rue Droite\r\nBâtiment B"') + ROW + "\r\n"
    assert [row.number for row in parsed(latin(text))] == [2, 4]


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        ("TPS", "TPS"), ("TOUTE PETITE SECTION", "TPS"), ("PS", "PS"), ("Petite section", "PS"), ("MS", "MS"),
        ("GRANDE SECTION", "GS"), ("COURS PREPARATOIRE", "CP"), ("Cours préparatoire", "CP"),
        ("COURS ELEMENTAIRE 1ERE ANNEE", "CE1"), ("COURS ELEMENTAIRE 1", "CE1"), ("COURS MOYEN 1ERE ANNEE", "CM1"),
        ("Cours moyen 2e année", "CM2"), ("cm2", "CM2"),
    ],
)  # fmt: skip
def test_grades_are_read_in_their_short_and_long_forms(typed, grade):
    [row] = parsed(TEXT.replace(";CE2;", f";{typed};").encode())
    assert row.data["grade"] == grade


@pytest.mark.parametrize(("typed", "sex"), [("F", "F"), ("M", "M"), ("H", "M"), ("G", "M"), ("Garçon", "M"), ("", "")])
def test_sexes_are_read_in_their_forms(typed, sex):
    [row] = parsed(TEXT.replace(";F;", f";{typed};").encode())
    assert row.data["sex"] == sex


@pytest.mark.parametrize("with_extension", [True, False])
def test_the_children_of_a_guardian_repeat_to_the_right(with_extension):
    data = (
        "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse responsable;"
        "CP responsable;Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;"
        "Numéro de poste;Téléphone portable"
        + 3
        * ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
        + "\r\nMME;PETIT;FERRER;Sophie;1 rue Droite;11100;NARBONNE;FRANCE;Sophie@Example.org;0400000000;;12;600000001"
        ";;FERRER;Inès;CE2 Mme Vidal;;FERRER;Tom;;;;;\r\n"
    )
    if not with_extension:
        data = data.replace("Numéro de poste;", "").replace(";12;", ";")
    [row] = parsed(latin(data))
    assert [child["first_name"] for child in row.data["children"]] == ["Inès", "Tom"]
    assert [child["class_label"] for child in row.data["children"]] == ["CE2 Mme Vidal", ""]
    assert row.data["phone"] == "06 00 00 00 01"
    assert row.data["civility"] == "Mme"
    assert row.data["email"] == "sophie@example.org"


@pytest.mark.parametrize(
    ("changes", "field", "column"),
    [({"Courriel": "sophie(at)example.org"}, "email", "Courriel"), ({"Téléphone portable": "?"}, "phone", "portable")],
)
def test_a_badly_written_contact_is_left_out_and_said(changes, field, column):
    [row] = parsed(files.guardians(files.SOPHIE | changes))
    assert not row.is_bad
    assert row.data[field] == ""
    assert column in row.column
    assert row.reason


def test_an_organisation_without_first_name_is_rejected_by_name():
    [row] = parsed(files.guardians(files.SOPHIE | {"Nom responsable": "FOYER DES PINS", "Prénom responsable": ""}))
    assert row.is_bad
    assert "organisme" in row.reason
