"""Pages of adoption: months and target, circonscriptions, files, what anybody may read, what programs read."""

import csv
import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from shared_apps.onboarding.services.adhesions import load_adhesions
from shared_apps.reference.models import District
from shared_apps.statistics.adoption import month_ends
from shared_apps.statistics.adoption_views import a_year_before
from shared_apps.statistics.curves import curve
from shared_apps.statistics.targets import Target
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

MINERVOIS = "0111012R"


def signed(officer, insee: str = NARBONNE):
    return factories.signed_by_both(officer, insee)


@pytest.mark.django_db
def test_figures_lead_to_their_rows(browser, officer):
    signed(officer)
    shown = text(browser.get(url("statistics:statistics")))
    assert '<a href="/communes/?adhesion=oui"><strong>1</strong> commune</a> sur 3' in shown
    assert '<a href="/ecoles/?adhesion=oui"><strong>30</strong> écoles</a> sur 38' in shown
    assert "/communes/?departement=11&amp;adhesion=oui" in shown


@pytest.mark.django_db
def test_months_read_as_a_curve_or_as_a_table(browser, officer):
    signed(officer)
    assert "<polyline" in text(browser.get(url("statistics:statistics")))
    table = text(browser.get(url("statistics:statistics"), {"vue": "tableau"}))
    assert "<polyline" not in table
    assert "Communes et écoles à la fin de chaque mois" in table


@pytest.mark.django_db
def test_the_page_asks_few_queries_however_many_joined(browser, officer, django_assert_max_num_queries):
    signed(officer)
    browser.get(url("statistics:statistics"))
    signed(officer, LEZIGNAN)
    with django_assert_max_num_queries(10):
        browser.get(url("statistics:statistics"))


@pytest.mark.django_db
def test_a_target_is_set_shown_and_taken_away(browser):
    page = url("statistics:targets")
    assert browser.post(page, {"communes": "450", "due_on": "2027-09-01"}).status_code == 302
    assert "<strong>450</strong> communes au 1er septembre 2027" in text(browser.get(url("statistics:statistics")))
    assert browser.post(page, {"communes": "450", "due_on": ""}).status_code == 422
    assert browser.post(page, {"communes": "0", "due_on": "2027-09-01"}).status_code == 422
    browser.post(page, {"communes": "", "due_on": ""})
    assert not Target.objects.exists()


@pytest.mark.django_db
def test_a_departement_has_its_own_target_and_its_dasen_reads_it(browser, academy, officer):
    signed(officer)
    page = url("statistics:targets")
    assert browser.post(page, {"11-communes": "90", "11-due_on": "2027-09-01", "34-communes": "9"}).status_code == 422
    assert not Target.objects.exists()
    browser.post(page, {"11-communes": "90", "11-due_on": "2027-09-01"})
    assert "1 sur 90 communes au 1er septembre 2027" in text(browser.get(url("statistics:statistics")))
    dasen = academy(factories.staff("Line", "Rouquette", role=factories.Role.DASEN, scope="11"))
    assert "<strong>90</strong> communes au 1er septembre 2027" in text(dasen.get(url("statistics:statistics")))
    elsewhere = academy(factories.staff("Paul", "Riba", role=factories.Role.DASEN, scope="34"))
    assert "septembre 2027" not in text(elsewhere.get(url("statistics:statistics")))


@pytest.mark.django_db
def test_circonscriptions_are_those_one_sees(browser, academy, officer):
    signed(officer, LEZIGNAN)
    assert "Lézignan-Corbières Minervois" in text(browser.get(url("statistics:districts"))).replace("&#x27;", "’")
    assert "Aucune circonscription" in text(browser.get(url("statistics:districts"), {"departement": "66"}))
    inspector = academy(factories.staff("Ingrid", "Valls", role=factories.Role.INSPECTOR, scope=MINERVOIS))
    shown = text(inspector.get(url("statistics:districts"))).split("<tbody>")[1]
    others = District.objects.exclude(uai=MINERVOIS).values_list("uai", flat=True)
    assert MINERVOIS in shown
    assert not [uai for uai in others if uai in shown]


@pytest.mark.django_db
def test_the_same_figures_in_every_form_of_file(browser, officer):
    signed(officer)
    content = browser.get(url("statistics:export", "csv")).content.decode("utf-8-sig")
    rows = {row["Territoire"]: row for row in csv.DictReader(io.StringIO(content), delimiter=";")}
    assert rows["Aude"]["Part des communes (%)"] == "33,3"
    book = load_workbook(io.BytesIO(browser.get(url("statistics:export", "xlsx")).content))
    cells = {row[1]: row for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert cells["Aude"][2:5] == (1, 3, 33.3)
    assert browser.get(url("statistics:export", "exe")).status_code == 404


@pytest.mark.django_db
def test_programs_read_the_figures_of_their_perimeter_and_day(academy, officer):
    signed(officer)
    told = academy(officer).get("/api/v1/adoption/").json()
    assert told["total"]["communes_joined"] == 1
    assert told["departments"][0]["public_schools_joined"] == 30
    before = academy(officer).get("/api/v1/adoption/", {"on": factories.days_ago(200).isoformat()}).json()
    assert before["total"]["communes_joined"] == 0
    assert academy(officer).get("/api/v1/adoption/", {"on": "hier"}).status_code == 400
    inspector = academy(factories.staff("Ingrid", "Valls", role=factories.Role.INSPECTOR, scope=MINERVOIS))
    assert inspector.get("/api/v1/adoption/").json()["total"]["communes_joined"] == 0


@pytest.mark.django_db
def test_programs_find_who_has_joined(academy, officer):
    signed(officer)
    told = academy(officer).get("/api/v1/communes/?joined=true").json()["results"]
    assert [(row["insee"], row["has_joined"], row["state"]) for row in told] == [(NARBONNE, True, "signed_both")]
    others = academy(officer).get("/api/v1/communes/?joined=false&department=11").json()["results"]
    assert NARBONNE not in {row["insee"] for row in others}


# --- anybody


@pytest.mark.django_db
def test_open_data_need_no_account_and_mask_small_cells(reference, browser_of):
    visitor = browser_of(factories.HOST)
    lines = "\n".join(f"{uai};2025-01-06" for uai in factories.uais(NARBONNE)[:4])
    load_adhesions(actor=None, data=f"uai;date\n{lines}\n".encode())
    told = json.loads(visitor.get(url("statistics:open_file", "json")).content)
    whole = told["lignes"][0]
    assert (whole["communes_joined"], whole["public_schools_joined"], whole["public_schools_rate"]) == (
        None,
        None,
        None,
    )
    assert whole["public_schools"] == 38
    assert whole["pupils"] > 5
    assert "masqué" in text(visitor.get(url("statistics:open_data")))
    found = visitor.get(url("statistics:open_file", "csv")).content.decode("utf-8-sig")
    assert len(found.splitlines()) == len(told["lignes"]) + 1
    assert visitor.get(url("statistics:open_file", "xml")).status_code == 404


# --- days


def test_months_end_on_their_last_day_and_the_last_is_today():
    assert month_ends(date(2026, 3, 14), 3) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 14)]


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 11, 20)])
def test_a_year_before_is_a_day_that_exists(day):
    assert a_year_before(day).year == day.year - 1


@pytest.mark.parametrize("top", [0, 1, 4, 384, 964, 100_000])
def test_a_curve_is_to_scale_from_zero(top):
    drawn = curve([(date(2026, 1, 31), 0), (date(2026, 2, 28), top)])
    assert drawn.lines[0] == (drawn.base, "0")
    assert drawn.dots[0].y == drawn.base
    assert all(0 < dot.y <= drawn.base for dot in drawn.dots)
    assert len(drawn.lines) <= 6
