"""An official file is uploaded, read line by line, approved; nothing is written before."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared_apps.audit.models import Entry
from shared_apps.reference import loading, refreshing
from shared_apps.reference.models import ReferenceLoad, RefSchool
from tests.shared_apps.onboarding import factories
from tests.shared_apps.reference import official

pytestmark = pytest.mark.django_db
LAKANAL = "0110427E"


@pytest.fixture
def whole(settings, tmp_path):
    """All the schools of the académie."""
    settings.REFERENCE_DIR = official.folder(tmp_path)
    loading.load_all()
    return official.rows(settings.REFERENCE_DIR / official.SCHOOLS)


def as_file(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def shipped(**changes):
    """Our schools file, with the row of Lakanal changed; `None` leaves it out."""
    rows = official.rows(loading.SHIPPED / "ecoles.csv")
    if changes.pop("gone", False):
        rows = [row for row in rows if row["uai"] != LAKANAL]
    return as_file([row | changes if row["uai"] == LAKANAL else row for row in rows])


def upload(browser, content, kind="schools"):
    file = SimpleUploadedFile("ecoles.csv", content, content_type="text/csv")
    return browser.post("/referentiel/", {"kind": kind, "file": file})


def whats(load):
    return [(line["what"], line["code"]) for line in load.lines]


def test_a_file_shows_where_it_stands_and_what_it_would_do_by_kind(browser, officer):
    page = upload(browser, shipped(nom="École des Tilleuls"))
    shown = browser.get(page.url).content.decode()
    assert 'Relu, ligne par ligne<span class="unseen"> (en cours)' in shown
    assert 'href="#renamed"' in shown
    assert 'id="renamed"' in shown
    browser.post(f"{page.url}approuver/")
    assert 'Approuvé, puis écrit<span class="unseen"> (fait)' in browser.get(page.url).content.decode()


def test_two_thousand_schools_are_told_apart_line_by_line(whole, officer_alone):
    closed, renamed, counted, moved = whole[0], whole[1], whole[2], whole[3]
    rows = [dict(row) for row in whole[1:]]
    rows[0]["nom"] = "École des Tilleuls"
    rows[1]["nombre_eleves"] = "301"
    districts = sorted({row["uai_circonscription"] for row in whole if row["uai_circonscription"]})
    rows[2]["uai_circonscription"] = next(code for code in districts if code != moved["uai_circonscription"])
    load = refreshing.propose(actor=officer_alone, kind="schools", file_name="ecoles.csv", content=as_file(rows))
    assert whats(load) == [
        ("closed", closed["uai"]),
        ("district", moved["uai"]),
        ("renamed", renamed["uai"]),
        ("pupils", counted["uai"]),
    ]
    assert load.unchanged == len(whole) - 4
    assert RefSchool.objects.current().count() == len(whole)
    refreshing.approve(actor=officer_alone, load=load)
    assert RefSchool.objects.current().count() == len(whole) - 1
    assert RefSchool.objects.get(uai=renamed["uai"]).name == "École des Tilleuls"


@pytest.fixture
def officer_alone(db):
    return factories.staff()


def test_nothing_is_written_before_approval_and_who_approved_is_kept(browser, officer):
    answer = upload(browser, shipped(nom="École des Tilleuls", nombre_eleves="300"))
    load = ReferenceLoad.objects.get()
    assert answer.headers["Location"] == f"/referentiel/depots/{load.pk}/"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "École des Tilleuls" in page
    assert "Changent d’effectif" in page
    assert RefSchool.objects.get(uai=LAKANAL).name != "École des Tilleuls"
    assert browser.post(f"/referentiel/depots/{load.pk}/approuver/").status_code == 302
    assert RefSchool.objects.get(uai=LAKANAL).name == "École des Tilleuls"
    load.refresh_from_db()
    assert (load.state, load.decided_by, load.content) == ("approved", officer, None)
    assert Entry.objects.filter(action="reference.approved").count() == 1
    assert browser.post(f"/referentiel/depots/{load.pk}/approuver/").status_code == 422


def test_a_file_set_aside_changes_nothing(browser):
    upload(browser, shipped(nom="Autre nom"))
    load = ReferenceLoad.objects.get()
    browser.post(f"/referentiel/depots/{load.pk}/ecarter/")
    assert RefSchool.objects.get(uai=LAKANAL).name != "Autre nom"
    assert ReferenceLoad.objects.get().state == "refused"


def test_what_was_not_read_is_not_written(browser):
    upload(browser, shipped(nom="Autre nom"))
    RefSchool.objects.filter(uai=LAKANAL).update(pupils=1)
    load = ReferenceLoad.objects.get()
    answer = browser.post(f"/referentiel/depots/{load.pk}/approuver/")
    assert answer.status_code == 422
    assert "a changé depuis ce dépôt" in answer.content.decode()
    assert RefSchool.objects.get(uai=LAKANAL).name != "Autre nom"


def test_a_file_cut_short_needs_a_word_more(browser):
    rows = official.rows(loading.SHIPPED / "ecoles.csv")[:10]
    upload(browser, as_file(rows))
    load = ReferenceLoad.objects.get()
    page = f"/referentiel/depots/{load.pk}/approuver/"
    refused = browser.post(page)
    assert refused.status_code == 422
    assert "le fichier est bien entier" in refused.content.decode()
    assert RefSchool.objects.current().count() == 38
    assert browser.post(page, {"accepts_many": "on"}).status_code == 302
    assert RefSchool.objects.current().count() == 10


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "pas en UTF-8"),
        (b"numero,nom\n1,2\n", "la colonne « uai » manque"),
        (shipped(type="college"), "« type » vaut « college »"),
    ],
    ids=["encoding", "columns", "value"],
)
def test_a_wrong_file_says_its_lines_and_is_not_kept(browser, content, why):
    answer = upload(browser, content)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not ReferenceLoad.objects.exists()


def test_the_same_file_again_has_nothing_to_approve(browser):
    answer = upload(browser, shipped())
    assert answer.status_code == 422
    assert "rien à approuver" in answer.content.decode()


def test_who_does_not_keep_the_reference_data_sees_none_of_it(reference, academy):
    browser = academy(factories.staff("Luc", "Formateur", role=factories.Role.TRAINER))
    assert browser.get("/referentiel/").status_code == 403
    assert upload(browser, shipped(nom="Autre nom")).status_code == 403


def test_the_history_costs_the_same_whatever_the_rows(browser, django_assert_max_num_queries):
    for name in ("Un", "Deux", "Trois"):
        upload(browser, shipped(nom=name))
    with django_assert_max_num_queries(12):
        browser.get("/referentiel/")
