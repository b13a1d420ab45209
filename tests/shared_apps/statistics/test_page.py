"""Where the académie stands: computed again by another way, from the files and the cases."""

import csv

import pytest

from shared_apps.accounts.models import StaffRole
from shared_apps.onboarding import services as onboarding
from shared_apps.onboarding.calls import next_calls
from shared_apps.reference.loading import SHIPPED
from shared_apps.statistics import services
from shared_apps.statistics.adoption import Adoption
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db


def schools_of_the_file() -> list[dict[str, str]]:
    with (SHIPPED / "ecoles.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_are_those_counted_straight_from_the_file(officer):
    some = factories.uais(NARBONNE)[:21]
    factories.signed_by_both(officer, NARBONNE, schools=some)
    factories.signed_by_commune(officer, COURSAN)
    [aude] = Adoption(officer).by_department()
    rows = schools_of_the_file()
    assert (aude.communes, aude.communes_joined) == (len({r["code_insee"] for r in rows}), 1)
    assert (aude.schools, aude.schools_joined) == (len(rows), 21)
    assert aude.pupils == sum(int(r["nombre_eleves"]) for r in rows)
    assert aude.pupils_joined == sum(int(r["nombre_eleves"]) for r in rows if r["uai"] in some)


def test_the_page_says_the_shares_and_the_day(officer, academy):
    factories.signed_by_both(officer, NARBONNE)
    shown = text(academy(officer).get(url("statistics:statistics")))
    assert "33,3 %" in shown
    assert "78,9 %" in shown
    assert "Aucune commune n’a encore été comptée." in shown


def test_an_open_commune_has_joined_and_a_terminated_one_has_not(officer):
    case = factories.signed_by_both(officer, NARBONNE)
    onboarding.mark_provisioning(actor=officer, insee=NARBONNE)
    onboarding.mark_open(actor=officer, insee=NARBONNE)
    assert Adoption(officer).by_department()[0].communes_joined == 1
    type(case).objects.update(state="terminated")
    assert Adoption(officer).by_department()[0].communes_joined == 0


def test_usage_comes_from_the_roll_up_with_its_day(officer, academy):
    day = factories.days_ago(0)
    values = {("0110427E", "notes_sent"): 1200, ("0110427E", "signatures"): 34, ("", "accounts_activated"): 56}
    services.store(insee=NARBONNE, day=day, values=values)
    shown = text(academy(officer).get(url("statistics:statistics")))
    assert "1 200" in shown
    assert "Comptés dans chaque commune" in shown


def test_an_inspector_gets_the_figures_of_their_schools(officer, academy):
    factories.signed_by_both(officer, LEZIGNAN)
    services.store(insee=NARBONNE, day=factories.days_ago(0), values={("", "notes_sent"): 999})
    inspector = factories.staff("Ingrid", "Valls", role=StaffRole.Role.INSPECTOR, scope="0111012R")
    [aude] = Adoption(inspector).by_department()
    assert (aude.communes, aude.schools) == (1, 4)
    shown = text(academy(inspector).get(url("statistics:statistics")))
    assert "999" not in shown
    assert "Narbonne" not in shown


def test_communes_without_convention_are_those_to_call(officer):
    factories.signed_by_both(officer, NARBONNE)
    assert {call.commune.insee for call in next_calls(officer)} == {LEZIGNAN, COURSAN}


def test_without_reference_data_the_page_says_what_to_do(db, academy):
    shown = text(academy(factories.staff()).get(url("statistics:statistics")))
    assert "Le référentiel est vide." in shown
