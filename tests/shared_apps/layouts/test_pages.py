"""The academy's pages of layouts: read, try, write, publish, go back."""

import pytest

from shared_apps.audit.models import Entry
from shared_apps.layouts.current import layouts
from shared_apps.layouts.defaults import DEFAULTS
from shared_apps.layouts.models import LayoutVersion
from shared_apps.layouts.shapes import clean_key
from tests.shared_apps.onboarding import factories

pytestmark = pytest.mark.django_db
HEADERS = ";".join(field.label for field in DEFAULTS["onde_pupils"].fields)


@pytest.fixture
def browser(officer, academy):
    return academy(officer)


def boxes(**changes: str) -> dict[str, str]:
    """The form of the pupils' layout as it opens, with some boxes changed."""
    fields = {f"field-{f.name.replace('.', '-')}": "\n".join(f.headers) for f in DEFAULTS["onde_pupils"].fields}
    return fields | {"ignored": "Pays1", "note": "ONDE 2"} | changes


def write(browser, **changes: str) -> LayoutVersion:
    browser.post("/colonnes/onde_pupils/0/modifier/", boxes(**changes))
    return LayoutVersion.objects.get()


def test_a_version_is_written_then_published_then_left_for_the_shipped_one(browser, django_capture_on_commit_callbacks):
    written = write(browser, **{"field-birth_name": "Nom élève\nPatronyme"})
    assert (written.number, written.is_current) == (1, False)
    assert "patronyme" not in layouts()["onde_pupils"].by_key
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/colonnes/onde_pupils/1/publier/")
    assert layouts()["onde_pupils"].by_key["patronyme"].name == "birth_name"
    assert layouts()["onde_pupils"].version == 1
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/colonnes/onde_pupils/0/publier/")
    assert layouts()["onde_pupils"] == DEFAULTS["onde_pupils"]
    assert list(Entry.objects.filter(action__startswith="layouts").values_list("action", flat=True)) == [
        "layouts.written",
        "layouts.published",
        "layouts.published",
    ]


def test_the_next_version_begins_with_the_headers_of_the_one_edited(browser):
    write(browser, **{"field-birth_name": "Patronyme"})
    page = browser.get("/colonnes/onde_pupils/1/modifier/").content.decode()
    assert ">\nPatronyme</textarea>" in page


def test_a_header_line_is_tried_before_anything_is_published(browser):
    page = browser.post("/colonnes/onde_pupils/", {"line": HEADERS.replace("Niveau", "Palier")}).content.decode()
    assert "Ce fichier serait refusé." in page
    assert "inconnu, non lu" in page
    page = browser.post("/colonnes/onde_pupils/", {"line": HEADERS}).content.decode()
    assert "Ce fichier serait accepté." in page


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"field-birth_name": "Nom élève\nNiveau"}, "désigne deux champs"),
        ({"field-birth_name": ""}, "au moins un titre"),
        ({"field-birth_name": "???"}, "n’est pas un titre"),
        ({"ignored": "Sexe"}, "désigne deux champs"),
    ],
)
def test_a_version_that_could_not_be_read_is_not_written(browser, changes, why):
    answer = browser.post("/colonnes/onde_pupils/0/modifier/", boxes(**changes))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not LayoutVersion.objects.exists()


def test_those_who_do_not_follow_the_communes_read_and_write_nothing(reference, academy):
    browser = academy(factories.staff("Luc", "Formateur", role=factories.Role.TRAINER))
    assert "Écrire une nouvelle version" not in browser.get("/colonnes/onde_pupils/").content.decode()
    assert browser.post("/colonnes/onde_pupils/0/publier/").status_code == 403
    assert browser.post("/colonnes/onde_pupils/0/modifier/", boxes()).status_code == 403


def test_the_list_costs_the_same_whatever_the_versions(browser, django_assert_max_num_queries):
    for _turn in range(3):
        browser.post("/colonnes/onde_pupils/0/modifier/", boxes())
    with django_assert_max_num_queries(12):
        browser.get("/colonnes/")
    assert LayoutVersion.objects.count() == 3


@pytest.mark.parametrize("kind", DEFAULTS)
def test_no_header_of_a_shipped_layout_names_two_fields(kind):
    layout = DEFAULTS[kind]
    keys = [key for field in layout.fields for key in field.keys] + [clean_key(header) for header in layout.ignored]
    assert len(keys) == len(set(keys))


def test_a_field_newer_than_a_version_keeps_its_own_headers():
    edited = DEFAULTS["onde_pupils"].edited({"birth_name": ["Patronyme"]}, [], 3)
    assert edited.field("birth_name").headers == ("Patronyme",)
    assert edited.field("grade").headers == DEFAULTS["onde_pupils"].field("grade").headers
