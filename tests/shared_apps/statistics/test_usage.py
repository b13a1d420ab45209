"""Months of usage: sums, perimeters, the page, its files."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from openpyxl import load_workbook

from shared_apps.accounts.models import StaffRole
from shared_apps.reference.models import RefSchool
from shared_apps.statistics.models import UsageDay, UsageMonth
from shared_apps.statistics.services import store
from shared_apps.statistics.usage import services
from shared_apps.statistics.usage.tally import Tally
from tests.shared_apps.onboarding import factories
from tests.shared_apps.onboarding.factories import COURSAN, LEZIGNAN, NARBONNE
from tests.shared_apps.onboarding.pages import text, url

pytestmark = pytest.mark.django_db
Role = StaffRole.Role
MONTH = date(2026, 10, 1)


def tally(visits: int) -> Tally:
    found = Tally(visits=visits, visitors=visits // 2, connections=visits // 3)
    found.cells.update({"p/guardian": visits, "u/guardian": visits // 2, "h/08": visits, "d/phone": visits})
    found.cells.update({"s/guardian/liaison": visits, "v/guardian/liaison": visits // 2})
    return found


def used(insee: str, visits: int, *, days=(date(2026, 10, 5), date(2026, 10, 6))) -> str:
    """The commune's first public school, each of these days. Returns its UAI."""
    uai = factories.uais(insee)[0]
    for day in days:
        services.store_day(insee=insee, day=day, figures={uai: tally(visits)})
    for month in {day.replace(day=1) for day in days}:
        services.sum_month(month)
    return uai


def page_of(level: str, code: str) -> str:
    return url("statistics:usage_of", level, code)


def month_of(level: str, code: str = "") -> UsageMonth:
    return UsageMonth.objects.get(level=level, code=code, month=MONTH)


def test_a_month_is_summed_for_the_school_and_all_that_holds_it(reference):
    uai = used(NARBONNE, 40)
    used(COURSAN, 10)
    district = RefSchool.objects.get(uai=uai).district_id
    assert month_of("school", uai).visits == month_of("commune", NARBONNE).visits == 80
    assert month_of("department", "11").visits == month_of("academy").visits == 100
    assert month_of("district", district).visits >= 80
    assert month_of("academy").days == 2
    assert month_of("academy").cells["w/1"] == 50  # the 5th of October 2026 is a Monday


def test_a_month_summed_again_is_replaced(reference):
    used(NARBONNE, 40)
    used(NARBONNE, 7)
    assert month_of("academy").visits == 14
    assert UsageDay.objects.count() == 2


def test_pupils_of_counted_schools_tell_the_size(reference):
    uai = used(NARBONNE, 40)
    pupils = RefSchool.objects.get(uai=uai).pupils
    assert month_of("commune", NARBONNE).pupils == month_of("academy").pupils == pupils


def test_days_of_long_ago_are_forgotten_and_months_stay(reference):
    long_ago = timezone.localdate() - timedelta(days=900)
    used(NARBONNE, 40, days=(long_ago,))
    services.forget_old_days()
    assert not UsageDay.objects.exists()
    assert UsageMonth.objects.filter(level="commune").exists()


def test_the_page_says_visits_profiles_services_hours_days_and_devices(officer, academy):
    used(NARBONNE, 1234)
    shown = text(academy(officer).get(page_of("commune", NARBONNE)))
    for words in ("2 468", "Parents", "Cahier de liaison", "8 h", "lundi", "Téléphone", "octobre 2026"):
        assert words in shown


def test_the_equipment_that_was_counted_stands_beside_the_classes(officer, academy):
    uai = used(NARBONNE, 1234)
    told = {(uai, "pupils"): 118, (uai, "classes"): 6}
    store(insee=NARBONNE, day=timezone.localdate(), values=told)
    assert "Tablettes" not in text(academy(officer).get(page_of("commune", NARBONNE)))
    things = {"computers": 20, "tablets": 3, "screens": 0, "equipped_classes": 5}
    told |= {(uai, metric): number for metric, number in things.items()}
    store(insee=NARBONNE, day=timezone.localdate(), values=told)
    shown = " ".join(strip_tags(text(academy(officer).get(page_of("commune", NARBONNE)))).split())
    for words in ("Classes où l’on peut projeter5 / 6", "Ordinateurs20", "Tablettes3", "interactifs0"):
        assert words in shown


def test_the_months_compare(officer, academy):
    used(NARBONNE, 100, days=(date(2026, 9, 7),))
    used(NARBONNE, 150, days=(date(2026, 10, 5),))
    shown = text(academy(officer).get(page_of("commune", NARBONNE)))
    assert "+50 % par rapport au mois précédent" in shown
    earlier = text(academy(officer).get(page_of("commune", NARBONNE) + "?mois=2026-09"))
    assert "par rapport au mois précédent" not in earlier


def test_a_month_that_is_not_over_compares_to_none(officer, academy, time_machine):
    time_machine.move_to(datetime(2026, 10, 20, 10, tzinfo=UTC))
    used(NARBONNE, 100, days=(date(2026, 9, 7),))
    used(NARBONNE, 50, days=(date(2026, 10, 5),))
    shown = text(academy(officer).get(page_of("commune", NARBONNE)))
    assert "mois en cours" in shown
    assert "par rapport au mois précédent" not in shown


def test_the_academie_compares_its_communes_the_busiest_first(officer, academy):
    used(NARBONNE, 40)
    used(COURSAN, 400)
    shown = text(academy(officer).get(page_of("academie", "academie") + "?par=commune"))
    assert shown.index("Coursan") < shown.index("Narbonne")


def test_a_school_is_compared_to_those_of_a_near_size(officer, academy):
    schools = list(RefSchool.objects.public().of_commune(NARBONNE).exclude(pupils=None).order_by("pupils")[8:11])
    figures = {school.uai: tally(100 + place) for place, school in enumerate(schools)}
    services.store_day(insee=NARBONNE, day=date(2026, 10, 5), figures=figures)
    services.sum_month(MONTH)
    shown = text(academy(officer).get(page_of("ecole", schools[0].uai)))
    assert "À taille proche" in shown
    assert schools[1].name in shown


def test_a_count_under_five_is_hidden(officer, academy):
    uai = used(NARBONNE, 2, days=(date(2026, 10, 5),))
    page = text(academy(officer).get(page_of("ecole", uai)))
    assert "masqué" in page


def test_a_hidden_count_is_not_told_by_its_bar_its_rate_or_its_evolution(officer, academy):
    small, *large = factories.uais(NARBONNE)[:3]
    RefSchool.objects.filter(uai=small).update(pupils=10)
    figures = {small: tally(3)} | {uai: tally(40) for uai in large}
    services.store_day(insee=NARBONNE, day=date(2026, 9, 7), figures={small: tally(12)})
    services.store_day(insee=NARBONNE, day=date(2026, 10, 5), figures=figures)
    for month in (date(2026, 9, 1), MONTH):
        services.sum_month(month)
    browser = academy(officer)
    compared = text(browser.get(page_of("commune", NARBONNE))).partition('id="parts"')[2]
    assert compared.count(">masqué<") == 2  # the next smallest goes along
    assert "0,3" not in compared
    assert "par rapport au mois précédent" not in text(browser.get(page_of("ecole", small)))


def test_an_inspector_sees_their_circonscription_and_its_schools_only(officer, academy):
    inside, outside = used(LEZIGNAN, 40), used(NARBONNE, 4321)
    browser = academy(factories.staff("Ingrid", "Valls", role=Role.INSPECTOR, scope="0111012R"))
    assert browser.get(url("statistics:usage")).url == page_of("circonscription", "0111012R")
    shown = text(browser.get(page_of("circonscription", "0111012R")))
    assert "80" in shown
    assert "4 321" not in shown
    assert browser.get(page_of("ecole", inside)).status_code == 200
    for level, code in (("ecole", outside), ("commune", LEZIGNAN), ("departement", "11"), ("academie", "academie")):
        assert browser.get(page_of(level, code)).status_code == 404
    listed = browser.get("/api/v1/usage/").json()["results"]
    assert {(row["level"], row["code"]) for row in listed} == {("district", "0111012R"), ("school", inside)}


def test_a_dasen_sees_their_departement_and_its_parts(officer, academy):
    used(NARBONNE, 40)
    browser = academy(factories.staff("Denis", "Arnal", role=Role.DASEN, scope="11"))
    other = academy(factories.staff("Odile", "Roux", role=Role.DASEN, scope="34"))
    for level, code, expected in (
        ("departement", "11", 200),
        ("commune", NARBONNE, 200),
        ("academie", "academie", 404),
    ):
        assert browser.get(page_of(level, code)).status_code == expected
        assert other.get(page_of(level, code)).status_code == 404


def test_what_does_not_exist_is_not_found(browser):
    for level, code in (("commune", "99999"), ("departement", "75"), ("planete", "terre"), ("academie", "autre")):
        assert browser.get(page_of(level, code)).status_code == 404


def test_a_commune_without_any_visit_says_so(browser):
    assert "Aucune visite n’a encore été comptée ici." in text(browser.get(page_of("commune", COURSAN)))


def test_the_files_say_the_same_as_the_page(officer, academy):
    uai = used(NARBONNE, 1234)
    browser = academy(officer)

    def file(kind: str) -> bytes:
        return browser.get(url("statistics:usage_file", "commune", NARBONNE, kind)).content

    lines = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig")), delimiter=";"))
    assert ["Narbonne", "2026-10", "Par profil", "Parents", "Visites", "2468"] in lines
    book = load_workbook(io.BytesIO(file("xlsx")))
    assert [cell.value for cell in book["Par profil"][2]] == ["Parents", 2468, 1234]
    assert file("pdf").startswith(b"%PDF")
    dnma = list(csv.DictReader(io.StringIO(file("dnma").decode("utf-8-sig")), delimiter=";"))
    assert dnma == [
        {
            "MOIS": "2026-10",
            "UAI": uai,
            "PROFIL": "PARENT",
            "SERVICE": "Cahier de liaison",
            "TYPE": "NATIF",
            "OUTIL": "ENT-école",
            "VISITES": "2468",
            "VISITEURS_JOURS": "1234",
        }
    ]


def many_months(count: int) -> None:
    """As many communes of two years: what a page of the académie reads."""
    months = [date(2024 + (at + 11) // 12, (at + 11) % 12 + 1, 1) for at in range(24)]
    rows = [
        UsageMonth(
            level="commune", code=f"11{n:03}", month=month, department="11", insee=f"11{n:03}",
            days=20, pupils=100 + n, schools=1, **tally(100 + n).as_fields(),
        )
        for n in range(count) for month in months
    ]  # fmt: skip
    UsageMonth.objects.bulk_create(rows)
    for month in months:
        UsageMonth.objects.update_or_create(
            level="academy", code="", month=month,
            defaults={"days": 20, "pupils": 1, "schools": count, **tally(count * 100).as_fields()},
        )  # fmt: skip


def peers_of_narbonne() -> None:
    """As many communes of its size as the page compares, and schools of the circonscription."""
    row = month_of("commune", NARBONNE)
    for n in range(8):
        values = {"code": f"119{n:02}", "insee": f"119{n:02}", "visits": 90 + n}
        kept = {field.name: getattr(row, field.name) for field in UsageMonth._meta.fields if field.name != "id"}
        UsageMonth.objects.create(**kept | values)


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("academie", "academie"),
        ("departement", "11"),
        ("circonscription", "0111012R"),
        ("commune", NARBONNE),  # with peers
        ("commune", COURSAN),
        ("ecole", "of Narbonne"),
    ],
)
def test_the_page_asks_nine_queries_at_most_of_any_perimeter(
    level, code, officer, academy, django_assert_max_num_queries
):
    uai = used(NARBONNE, 40)
    for insee in (LEZIGNAN, COURSAN):
        used(insee, 30)
    peers_of_narbonne()
    many_months(60)
    browser = academy(officer)
    browser.get(page_of("academie", "academie"))
    for part in ("", "?par=commune", "?par=commune&page=2", "?par=circonscription"):
        with django_assert_max_num_queries(9):
            answer = browser.get(page_of(level, uai if level == "ecole" else code) + part)
    assert code != NARBONNE or "À taille proche" in text(answer)
