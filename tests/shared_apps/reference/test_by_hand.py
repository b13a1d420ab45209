"""Between two official files: schools, names, communes nouvelles, days of the calendar."""

import pytest
from django.utils import timezone

from shared_apps.audit.models import Entry
from shared_apps.onboarding.models import Case
from shared_apps.reference import finder
from shared_apps.reference.models import CalendarDay, RefCommune, ReferenceAct, RefSchool
from tenants.models import Commune, Domain
from tests.shared_apps.onboarding import factories

pytestmark = pytest.mark.django_db
LAKANAL, COURSAN, NARBONNE, AIROUX = "0110427E", "11106", "11262", "11002"
TODAY = timezone.localdate


def test_a_school_is_closed_then_reopened_with_reasons(browser, officer):
    page = f"/referentiel/ecoles/{LAKANAL}/"
    done = browser.post(f"{page}fermer/", {"on": TODAY().isoformat(), "reason": "arrêté du 12 mai"})
    assert done.status_code == 302
    assert not RefSchool.objects.current().filter(uai=LAKANAL).exists()
    assert "arrêté du 12 mai" in browser.get(page).content.decode()
    browser.post(f"{page}rouvrir/", {"reason": "recours gagné"})
    assert RefSchool.objects.current().filter(uai=LAKANAL).exists()
    assert list(ReferenceAct.objects.values_list("what", "done_by")) == [
        ("reopened", officer.pk),
        ("closed", officer.pk),
    ]
    assert Entry.objects.filter(action="reference.closed").exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"on": "2999-01-01", "reason": "x"}, "à venir"), ({"on": "2026-01-01", "reason": ""}, "obligatoire")],
    ids=["future", "no-reason"],
)
def test_a_wrong_closing_closes_nothing(browser, fields, why):
    answer = browser.post(f"/referentiel/ecoles/{LAKANAL}/fermer/", fields)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert RefSchool.objects.current().filter(uai=LAKANAL).exists()


def opening(**changes):
    facts = {"uai": "0110001S", "name": "École des Tilleuls", "kind": "primary", "sector": "public"}
    more = {"commune": "Coursan", "opened_on": TODAY().isoformat(), "reason": "rentrée"}
    return facts | more | changes


def valid_uai(digits="0119999"):
    from shared_apps.reference.uai import check_letter

    return digits + check_letter(digits)


def test_a_school_is_opened_by_hand(browser):
    uai = valid_uai()
    assert browser.post("/referentiel/ecoles/ouvrir/", opening(uai=uai.lower())).status_code == 302
    assert RefSchool.objects.get(uai=uai).commune_id == COURSAN


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"uai": "0119999A"}, "UAI est faux"),
        ({"uai": LAKANAL}, "déjà connue"),
        ({"uai": valid_uai(), "commune": "Atlantide"}, "pas une commune"),
    ],
    ids=["letter", "known", "commune"],
)
def test_a_wrong_school_is_not_opened(browser, changes, why):
    answer = browser.post("/referentiel/ecoles/ouvrir/", opening(**changes))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert RefSchool.objects.count() == 38


def test_names_change_and_are_found_by_the_new_one(browser):
    browser.post(f"/referentiel/ecoles/{LAKANAL}/nom/", {"name": "École Simone-Veil", "reason": "délibération"})
    browser.post(f"/referentiel/communes/{COURSAN}/nom/", {"name": "Coursan-sur-Aude", "reason": "décret"})
    page = browser.get("/referentiel/?q=simone").content.decode()
    assert LAKANAL in page
    assert RefCommune.objects.get(insee=COURSAN).sort_name == "coursan sur aude"


# --- communes nouvelles


def merging(**changes):
    facts = {"absorbed": "Coursan\n11002", "name": "Narbonne-les-Étangs", "on": TODAY().isoformat()}
    return facts | {"reason": "arrêté préfectoral"} | changes


def test_communes_become_one_after_what_it_changes_was_read(browser, officer):
    factories.drafted(officer, COURSAN)
    page = f"/referentiel/communes/{NARBONNE}/reunir/"
    told = browser.post(page, merging())
    assert told.status_code == 422
    words = told.content.decode()
    assert "Dossier « projet de convention »" in words
    assert "N’a pas adhéré" in words
    assert RefCommune.objects.get(insee=COURSAN).successor is None
    people = RefCommune.objects.get(insee=NARBONNE).population
    assert browser.post(page, merging(confirms="on")).status_code == 302
    into, gone = RefCommune.objects.get(insee=NARBONNE), RefCommune.objects.get(insee=COURSAN)
    assert (gone.successor, gone.merged_on, gone.removed_on) == (into, TODAY(), TODAY())
    assert into.name == "Narbonne-les-Étangs"
    assert into.population > people
    assert not RefSchool.objects.filter(commune=gone).exists()
    assert RefSchool.objects.filter(former_commune=gone, commune=into).count() == 4
    assert Case.objects.get(commune=gone).state == "drafted"  # the case carries on
    assert not RefCommune.objects.current().filter(insee__in=[COURSAN, AIROUX]).exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"absorbed": "Narbonne"}, "elle-même"),
        ({"on": "2999-01-01"}, "à venir"),
        ({"absorbed": "Atlantide"}, "pas une commune"),
    ],
    ids=["itself", "future", "unknown"],
)
def test_a_wrong_merge_changes_nothing(browser, changes, why):
    answer = browser.post(f"/referentiel/communes/{NARBONNE}/reunir/", merging(confirms="on", **changes))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not RefCommune.objects.exclude(successor=None).exists()


def test_people_of_a_merged_commune_sign_in_where_they_always_did(browser, narbonne, lezignan):
    page = f"/referentiel/communes/{NARBONNE}/reunir/"
    words = browser.post(page, merging(absorbed="11203")).content.decode()
    browser.post(page, merging(absorbed="11203", confirms="on"))
    assert {place.insee for place in finder.search("Lézignan-Corbières")} == {"11203"}
    school = RefSchool.objects.filter(former_commune="11203").first()
    assert [place.insee for place in finder.search(f"{school.name}") if place.name == school.name][:1] == ["11203"]
    assert Commune.objects.get(insee="11203").is_reachable
    assert Domain.objects.filter(domain="lezignan-corbieres.localhost").exists()
    assert "N’a pas adhéré" in words


# --- calendar


def test_days_are_added_changed_and_removed(browser):
    day = {"school_year": "2026-2027", "kind": "bridge_day", "label": "Pont", "reason": "arrêté"}
    day |= {"starts_on": "2027-05-07", "ends_on": "2027-05-08"}
    assert browser.post("/referentiel/calendrier/ajouter/", day).status_code == 302
    row = CalendarDay.objects.get()
    assert browser.post("/referentiel/calendrier/ajouter/", day).status_code == 422
    browser.post(f"/referentiel/calendrier/{row.pk}/", day | {"ends_on": "2027-05-07"})
    assert CalendarDay.objects.get().ends_on.isoformat() == "2027-05-07"
    assert "Pont" in browser.get("/referentiel/calendrier/").content.decode()
    browser.post(f"/referentiel/calendrier/{row.pk}/retirer/", {"reason": "erreur"})
    assert "Pont" not in browser.get("/referentiel/calendrier/").content.decode()
    assert ReferenceAct.objects.filter(what="day").count() == 3


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"ends_on": "2027-05-01"}, "doit suivre"), ({"school_year": "2026"}, "2026-2027")],
    ids=["order", "year"],
)
def test_a_wrong_day_is_refused(browser, changes, why):
    day = {"school_year": "2026-2027", "kind": "bridge_day", "label": "Pont", "reason": "arrêté"}
    day |= {"starts_on": "2027-05-07", "ends_on": "2027-05-08"} | changes
    answer = browser.post("/referentiel/calendrier/ajouter/", day)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not CalendarDay.objects.exists()
