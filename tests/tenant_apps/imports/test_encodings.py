"""The same content in each encoding gives the same database, to the last cell."""

import json
import re
import unicodedata
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tenant_apps.imports.samples import make_onde
from tests.tenant_apps.imports import books
from tests.tenant_apps.imports.books import VIDAL
from tests.tenant_apps.imports.test_services import load

pytestmark = pytest.mark.django_db
SAMPLE = make_onde([("CE1-CE2 Mme Vidal", [("CE1", 8), ("CE2", 8)]), ("CM2 M. Pujol", [("CM2", 8)])], seed=5)
TEXTS = [
    SAMPLE.pupils.decode("iso-8859-1"),
    SAMPLE.guardians.decode("iso-8859-1"),
    books.teachers(VIDAL | {"Nom": "VIDAL-LÉGER", "Prénom": "Françoise", "Classe": "CM2 M. Pujol"}).decode(),
]
ENCODINGS = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "ISO-8859-1": lambda text: text.encode("iso-8859-1"),
    "ISO-8859-15": lambda text: text.encode("iso-8859-15"),
    "UTF-8, decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "XLSX": lambda text: books.as_workbook(text.encode(), "utf-8"),
}
# Secrets, random or drawn from the ids; what tells the file itself.
ASIDE = {"password", "code_digest", "hash", "previous_hash", "sha256", "fingerprint", "session_key", "session_data"}
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Undone(Exception):
    pass


def columns() -> dict[str, dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = %s",
            [connection.schema_name],
        )
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in cursor.fetchall():
            found.setdefault(table, {})[column] = kind
    return found


def dump() -> dict[str, list[str]]:
    """table → its rows, where an id is told by the content of the row that bears it; times aside."""
    shapes, rows, content = columns(), {}, {}
    with connection.cursor() as cursor:
        for table in sorted(shapes):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            rows[table] = [json.loads(text) for (text,) in cursor.fetchall()]
    for table, found in rows.items():
        for row in found:
            content[str(row.get("id"))] = f"{table} {_told(row, shapes[table], {})}"
    return {table: sorted(_told(row, shapes[table], content) for row in found) for table, found in rows.items()}


def _told(row: dict[str, Any], kinds: dict[str, str], content: dict[str, str]) -> str:
    kept = {}
    for column, value in row.items():
        if column in ASIDE or kinds[column].startswith("timestamp") or column == "id":
            continue
        kept[column] = _without_ids(value, content)
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _without_ids(value: Any, content: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(item, content) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_ids(item, content) for item in value]
    return ID.sub(lambda found: content.get(found[0], "…"), value) if isinstance(value, str) else value


def database_of(head, school, encode) -> dict[str, list[str]]:
    try:
        with transaction.atomic():
            for text in TEXTS:
                load(head, school, encode(text))
            found = dump()
            raise Undone
    except Undone:
        return found


@pytest.fixture
def expected(head, school):
    return database_of(head, school, ENCODINGS["UTF-8"])


@pytest.mark.parametrize("name", ENCODINGS)
def test_each_encoding_gives_the_same_database(head, school, expected, name):
    assert len(expected["people_pupil"]) == 24
    assert any("Françoise" in row for row in expected["people_person"])
    found = database_of(head, school, ENCODINGS[name])
    for table, rows in expected.items():
        if name == "XLSX" and table.startswith("imports_"):
            continue  # its columns that are empty are not the same cells
        assert found[table] == rows, table


def test_the_comparison_sees_a_difference_of_one_cell(head, school, expected):
    changed = database_of(head, school, lambda text: text.replace("Françoise", "Francoise").encode())
    assert changed["people_person"] != expected["people_person"]
    assert changed["people_pupil"] == expected["people_pupil"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp850", "mac_roman"])
def test_what_is_in_another_encoding_writes_nothing(browser_of, head, school, encoding):
    before = dump()
    upload = SimpleUploadedFile("eleves.csv", TEXTS[0].encode(encoding, errors="replace"))
    browser = browser_of("narbonne.localhost", user=head)
    answer = browser.post("/imports/", {"school": str(school.pk), "file": upload})
    assert answer.status_code == 422
    after = dump()
    assert {t: r for t, r in after.items() if t != "django_session"} == {
        t: r for t, r in before.items() if t != "django_session"
    }
