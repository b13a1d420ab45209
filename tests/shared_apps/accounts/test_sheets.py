"""Sheets to cut: what each says, and that they print."""

import pytest

from core.tenancy import in_public, in_schema
from shared_apps.accounts import services, sheets
from shared_apps.accounts.sheets import Sheet, sheets_pdf
from tests.support.pdfs import pages
from tests.support.people import account


def rows(count: int) -> list[Sheet]:
    made = services.create_accounts([services.NewAccount("Inès", "Roux")] * count)
    return [Sheet.of(user, school="École Lakanal", detail="pour Tom") for user in made]


@pytest.mark.parametrize(("per_page", "expected"), [(1, 9), (2, 5), (8, 2)])
def test_they_print_one_two_or_eight_a_page(in_narbonne, per_page, expected):
    pdf = sheets_pdf(rows(9), per_page=per_page)
    assert pdf.startswith(b"%PDF-")
    assert pages(pdf) == expected


def test_a_sheet_says_who_for_whom_where_with_which_code_and_until_when(in_narbonne):
    user = services.create_account(first_name="Inès", last_name="Roux")
    sheet = Sheet.of(user, school="École Lakanal", detail="pour Tom")
    assert (sheet.name, sheet.identifier, sheet.place, sheet.detail) == (
        "Inès Roux",
        "ines.roux",
        "École Lakanal",
        "pour Tom",
    )
    assert sheet.code == services.activation_code(user)
    assert sheet.until


def test_the_picture_and_the_address_are_those_of_the_commune(narbonne, lezignan, monkeypatch):
    drawn = []
    monkeypatch.setattr(sheets, "_qr", lambda text: drawn.append(text) or "<svg/>")
    found = {}
    for schema in ("c_11262", "c_11203"):
        with in_schema(schema):
            row = rows(1)[0]
            found[schema] = sheets._sheet(row, sheets.base_url() + "/activer/")
            assert drawn[-1].endswith(f".localhost/activer/?code={row.code}")
    assert found["c_11262"]["address"] == "narbonne.localhost/activer"
    assert found["c_11203"]["address"] == "lezignan-corbieres.localhost/activer"


@pytest.mark.parametrize("name", ['#import "x"', "$e=mc^2$", "*gras* _penché_", "<p>&amp;</p>", "N" * 99, "李 Žižek"])
def test_a_name_is_printed_as_it_is_never_read_as_markup(in_narbonne, name):
    row = Sheet(name, "x.y", "K7PM-R4TW", name, name, "")
    assert pages(sheets_pdf([row])) == 1


def test_the_academy_prints_its_own(db):
    with in_public():
        row = Sheet.of(account("lise.martin", activated_at=None), school="Académie", detail="")
        assert sheets._sheet(row, sheets.base_url() + "/activer/")["address"] == "academie.localhost/activer"
