"""Our files are opened by spreadsheets: nothing in them runs."""

import pytest

from core.csvs import csv_bytes, plain_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33 6", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＋1"],
)
def test_what_a_spreadsheet_would_run_is_written_as_text(text):
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Inès", "a=b", "12 rue de Blida", "", "06 00 00 00 01"])
def test_other_texts_stay_as_they_are(text):
    assert plain_cell(text) == text


def test_a_file_begins_with_its_mark_and_guards_each_cell():
    data = csv_bytes([["Nom", "=Titre"], ["=1;2", None]])
    assert data == "\ufeffNom;'=Titre\r\n\"'=1;2\";\r\n".encode()
