"""What became of each line, on paper and in a spreadsheet."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenant_apps.imports import services
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_pages import HOST, text_of
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db
TOM = files.INES | {"Prénom élève": "Tom", "INE": "000000002AB", "Sexe": "M"}
EMMA = files.INES | {"Prénom élève": "Emma", "INE": "", "Nom élève": "MARTIN"}
ZOE = files.INES | {"Prénom élève": "Zoé", "INE": "000000003AC"}


@pytest.fixture
def browser(browser_of, head):
    return browser_of(HOST, user=head)


@pytest.fixture
def made(head, school):
    """One line of each sort."""
    load(head, school, files.pupils(files.INES, TOM, EMMA, ZOE))
    moved, homonym = files.INES | {"Adresse1": "3 quai Vallière"}, EMMA | {"Date naissance": "2018-05-14"}
    bad = files.INES | {"Prénom élève": "Lou", "INE": "", "Date naissance": "32/01/2018"}
    new = files.INES | {"Prénom élève": "Léo", "INE": "000000004AD"}
    return plan(head, school, files.pupils(moved, ZOE, homonym, bad, new))


def rows_of(answer) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_spreadsheet_has_each_line_with_its_number_its_sort_and_why(browser, made):
    answer = browser.get(f"{made.get_absolute_url()}compte-rendu.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    heads, *rows = rows_of(answer)
    assert heads[:3] == ["Ligne", "Sort", "Personne"]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("2", "à modifier", "Inès Ferrer"),
        ("3", "inchangé", "Zoé Ferrer"),
        ("4", "à décider", "Emma Martin"),
        ("5", "refusé", "Lou Ferrer"),
        ("6", "à créer", "Léo Ferrer"),
        ("", "absent du fichier, conservé", "Tom Ferrer"),
    ]
    assert rows[3][3] == "Date naissance"
    assert "JJ/MM/AAAA" in rows[3][4]
    assert "12 rue de Blida → 3 quai Vallière" in rows[0][5]
    assert sum(made.counts.values()) == len(rows)


def test_the_paper_has_the_same_and_no_national_number(browser, made):
    answer = browser.get(f"{made.get_absolute_url()}compte-rendu/")
    page = text_of(answer)
    for words in ("À décider : 1", "Emma Martin", "JJ/MM/AAAA", "Tom Ferrer", "5 lignes lues"):
        assert words in page
    assert "000000004AD" not in answer.content.decode()
    assert "000000004AD" not in browser.get(f"{made.get_absolute_url()}compte-rendu.csv").content.decode()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_is_never_a_formula(browser, head, school, sign):
    made = plan(head, school, files.pupils(files.INES))
    made.lines.update(name=f"{sign}cmd|' /C calc'!A0")
    assert rows_of(browser.get(f"{made.get_absolute_url()}compte-rendu.csv"))[1][2].startswith(f"'{sign}")


def test_the_report_tells_what_was_decided(browser, head, made):
    services.decide(actor=head, line=made.lines.get(status="to_decide"), decision="new")
    services.apply_plan(actor=head, plan=made)
    row = rows_of(browser.get(f"{made.get_absolute_url()}compte-rendu.csv"))[3]
    assert row[6:] == ["Ce sont deux personnes", "oui"]


def test_a_report_costs_the_same_however_many_lines(browser, head, school, made):
    def queries(which) -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"{which.get_absolute_url()}compte-rendu/")
        return len(seen)

    queries(made)
    assert queries(plan(head, school, files.pupils(files.INES))) == queries(made)
