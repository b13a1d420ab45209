"""Who has joined and who hasn't: filters, order, files, map, and whom to call next with the reasons."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.onboarding.calls import next_calls
from shared_apps.onboarding.models import Case
from shared_apps.reference.models import RefCommune, RefSchool
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
MINERVOIS, NARBONNE_1 = "0111012R", "0110041K"  # the circonscriptions of Lézignan and of a part of Narbonne


def table(browser, page: str = "communes", **asked: str) -> str:
    shown = text(browser.get(url(page), asked))
    return shown.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in shown else ""


def rows(browser, page: str, **asked: str) -> list[dict[str, str]]:
    content = browser.get(url(page), asked).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def inspector_of(academy, district: str):
    return academy(factories.staff("Ingrid", "Valls", role=factories.Role.INSPECTOR, scope=district))


def test_communes_by_circonscription_and_by_size(browser):
    assert "Lézignan" in table(browser, circonscription=MINERVOIS)
    assert "Coursan" not in table(browser, circonscription=MINERVOIS)
    assert "Narbonne" in table(browser, taille="villes")
    assert "Coursan" not in table(browser, taille="villes")
    assert table(browser, circonscription="nulle part") == ""


@pytest.mark.parametrize("order", ["habitants", "ecoles", "eleves"])
def test_the_largest_come_first_when_asked(browser, order):
    shown = table(browser, tri=order)
    assert shown.index("Narbonne") < min(shown.index("Lézignan"), shown.index("Coursan"))


def test_the_latest_to_join_come_first_when_asked(browser, officer):
    factories.signed_by_both(officer, LEZIGNAN)
    assert table(browser, tri="adhesion").index("Lézignan") < table(browser, tri="adhesion").index("Coursan")


def test_the_file_is_the_list_as_it_is_filtered(browser, officer):
    factories.signed_by_both(officer, COURSAN)
    assert {row["Code INSEE"] for row in rows(browser, "communes_csv")} == {NARBONNE, LEZIGNAN, COURSAN}
    [row] = rows(browser, "communes_csv", adhesion="oui")
    assert (row["Commune"], row["A rejoint le"]) == ("Coursan", factories.days_ago(20).isoformat())
    assert int(row["Écoles publiques"]) == len(factories.uais(COURSAN))


def test_schools_in_the_ent_are_those_of_the_annex(browser, officer):
    some = factories.uais(NARBONNE)[:2]
    factories.signed_by_both(officer, NARBONNE, schools=some)
    assert [row["UAI"] for row in rows(browser, "schools_csv", adhesion="oui")] != []
    assert {row["UAI"] for row in rows(browser, "schools_csv", adhesion="oui")} == set(some)
    assert len(rows(browser, "schools_csv", adhesion="non")) == RefSchool.objects.public().count() - 2


def test_an_inspector_finds_their_circonscription_only(academy, officer):
    factories.signed_by_both(officer, NARBONNE)
    browser = inspector_of(academy, MINERVOIS)
    for page in ("communes_csv", "schools_csv"):
        assert {row["Code INSEE"] for row in rows(browser, page)} == {LEZIGNAN}
        assert rows(browser, page, circonscription=NARBONNE_1) == []
    for page in ("map", "to_call", "communes", "schools"):
        shown = text(browser.get(url(page)))
        assert "Narbonne" not in shown.split("<main")[1]


def test_the_map_says_in_a_table_what_it_draws(browser, officer):
    RefSchool.objects.filter(commune=NARBONNE).update(latitude=43.18, longitude=3.0)
    RefSchool.objects.filter(commune=LEZIGNAN).update(latitude=43.2, longitude=2.76)
    factories.signed_by_both(officer, NARBONNE)
    shown = text(browser.get(url("map")))
    assert "Narbonne : a rejoint" in shown
    assert "Lézignan-Corbières : pas encore" in shown
    assert "<strong>1</strong> / 3" in shown
    assert "1 commune n’a pas de position connue." in shown
    assert "Narbonne : a rejoint" not in text(browser.get(url("map"), {"circonscription": MINERVOIS}))


def test_without_any_position_the_table_stays(browser):
    RefSchool.objects.update(latitude=None, longitude=None)
    shown = text(browser.get(url("map")))
    assert "La position de ces écoles n’est pas connue" in shown
    assert "<strong>0</strong> / 3" in shown


@pytest.mark.parametrize("page", ["communes", "schools", "map", "to_call", "communes_csv"])
def test_pages_ask_as_much_for_one_commune_as_for_many(browser, officer, page):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get(url(page))
        return len(seen)

    factories.signed_by_both(officer, NARBONNE, schools=factories.uais(NARBONNE)[:1])
    browser.get(url(page))
    few = queries()
    factories.signed_by_both(officer, LEZIGNAN)
    factories.contacted(officer, COURSAN)
    assert queries() <= few <= 14


# --- whom to call


def calls(officer) -> dict[str, str]:
    return {call.commune.insee: " · ".join(call.reasons) for call in next_calls(officer)}


def test_the_order_says_its_reasons(officer):
    RefCommune.objects.update(epci_code="1", epci_name="CA Le Grand Narbonne")
    factories.signed_by_both(officer, NARBONNE)
    factories.contacted(officer, COURSAN)
    said = calls(officer)
    assert list(said) == [COURSAN, LEZIGNAN] or list(said) == [LEZIGNAN, COURSAN]
    assert "1 commune sur 3 de CA Le Grand Narbonne a rejoint" in said[LEZIGNAN]
    assert "jamais contactée" in said[LEZIGNAN]
    assert "contactée il y a 60 jours, sans suite" in said[COURSAN]


def test_who_has_just_been_called_waits(officer):
    for insee in (NARBONNE, LEZIGNAN):
        factories.contacted(officer, insee)
    today = timezone.localdate()
    RefSchool.objects.filter(commune__in=[NARBONNE, LEZIGNAN, COURSAN]).update(pupils=50)
    RefSchool.objects.filter(commune=COURSAN).update(pupils=10)
    Case.objects.filter(commune=NARBONNE).update(state_since=today - timedelta(days=3))
    assert next(iter(calls(officer))) == LEZIGNAN
    assert "contactée il y a 3 jours" in calls(officer)[NARBONNE]
    Case.objects.filter(commune=NARBONNE).update(state_since=today)
    assert "contactée aujourd’hui" in calls(officer)[NARBONNE]


def test_a_commune_that_only_has_to_sign_comes_before(officer):
    RefSchool.objects.update(pupils=50)
    before = list(calls(officer)).index(COURSAN)
    factories.signed_by_commune(officer, COURSAN)
    assert list(calls(officer)).index(COURSAN) < before
    assert "reste à signer" in calls(officer)[COURSAN]
