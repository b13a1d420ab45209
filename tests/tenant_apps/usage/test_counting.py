"""From a page that is opened to the counts of its commune, and up to the académie."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import Device
from shared_apps.statistics.models import UsageDay, UsageMonth
from tenant_apps.people.models import StaffAssignment
from tenant_apps.usage import buffer, counting, services, trail
from tenant_apps.usage.models import CountedDay
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
NARBONNE = "11262"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _no_trail(monkeypatch):
    monkeypatch.setattr(trail, "_memory", trail.MemoryStore())


def counted() -> CountedDay:
    services.roll_up_here()
    return CountedDay.objects.get()


def trail_of_today() -> set[str]:
    return trail.store().members("c_11262", timezone.localdate())


def test_a_page_opened_by_a_guardian_is_a_visit_of_their_childs_school(room, browser_of):
    browser_of(HOST, room.guardians["Sophie"]).get("/", headers={"user-agent": PHONE})
    row = counted()
    assert (row.uai, row.visits, row.visitors) == (room.school.uai, 1, 1)
    assert row.cells["p/guardian"] == row.cells["u/guardian"] == row.cells["d/phone"] == 1
    assert row.cells["s/guardian/home"] == 1


def test_pages_of_a_same_half_hour_are_one_visit_and_each_service_has_its_own(room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    for path in ("/", "/", "/mots/", "/mots/"):
        browser.get(path)
    browser_of(HOST, room.teacher).get("/")
    row = counted()
    assert (row.visits, row.visitors) == (2, 2)
    services_of_guardians = {key: value for key, value in row.cells.items() if key.startswith("s/guardian")}
    assert services_of_guardians == {"s/guardian/home": 1, "s/guardian/liaison": 1}


def test_who_is_not_signed_in_who_is_refused_and_parts_of_pages_are_not_counted(room, browser_of):
    browser_of(HOST).get("/connexion/")
    browser = browser_of(HOST, room.guardians["Sophie"])
    browser.get("/usage/")
    browser.get("/mots/", headers={"hx-request": "true"})
    assert trail_of_today() == set()


def test_the_trail_names_nobody(room, browser_of):
    browser_of(HOST, room.guardians["Sophie"]).get("/")
    sophie = room.guardians["Sophie"]
    told = " ".join(trail_of_today())
    assert told
    for secret in (str(sophie.pk), sophie.pk.hex, sophie.identifier):
        assert secret not in told


def test_the_same_person_is_another_in_another_commune_and_on_another_day():
    today = timezone.localdate()
    keys = {
        trail.store().key(schema, day)
        for schema in ("c_11262", "c_11203")
        for day in (today, today - timedelta(days=1))
    }
    assert len({trail.pseudonym(key, "1") for key in keys}) == 4


def test_a_connection_is_counted_once_the_day_it_was_opened(room, browser_of):
    browser = browser_of(HOST, room.guardians["Sophie"])
    session = browser.session
    session["opened_at"] = timezone.now().isoformat()
    session.save()
    browser.get("/")
    browser.get("/mots/")
    assert counted().connections == 1
    session["opened_at"] = (timezone.now() - timedelta(days=1)).isoformat()
    session.save()
    browser.get("/")
    assert counted().connections == 1


def test_counting_costs_no_query(room, browser_of, monkeypatch, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = browser_of(HOST, room.guardians["Sophie"])
    browser.get("/mots/")
    with CaptureQueriesContext(connection) as counted_page:
        browser.get("/mots/")
    monkeypatch.setattr(buffer, "note", lambda visit: None)
    with django_assert_num_queries(len(counted_page)):
        browser.get("/mots/")


def test_a_broken_cache_stops_no_page(room, browser_of, monkeypatch):
    class Broken:
        def key(self, *_args):
            raise ConnectionError

    monkeypatch.setattr(trail, "store", Broken)
    assert browser_of(HOST, room.guardians["Sophie"]).get("/").status_code == 200


def a_day(day, *, who="x", slot=16, uai="0110427E"):
    trail.store().add("c_11262", day, {f"v|{uai}|guardian|liaison|{slot}|phone|{who}"})


def test_a_day_that_is_over_is_counted_then_its_trail_and_its_key_are_thrown_away(in_narbonne):
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    a_day(yesterday)
    a_day(today)
    key = trail.store().key("c_11262", yesterday)
    services.roll_up_here()
    assert trail.store().days("c_11262") == [today]
    assert trail.store().key("c_11262", yesterday) != key
    with in_public():
        assert set(UsageDay.objects.values_list("day", "visits")) == {(yesterday, 1), (today, 1)}


def test_a_day_counted_again_is_replaced(in_narbonne):
    today = timezone.localdate()
    a_day(today)
    services.roll_up_here()
    a_day(today, who="y")
    services.roll_up_here()
    assert CountedDay.objects.get().visitors == 2
    with in_public():
        assert UsageDay.objects.get().visitors == 2


def test_a_commune_that_fails_keeps_its_days_and_stops_nobody(narbonne, lezignan, monkeypatch):
    yesterday = timezone.localdate() - timedelta(days=1)
    store, right = trail.store(), services.keep_day
    for schema in ("c_11262", "c_11203"):
        store.add(schema, yesterday, {"v|0110427E|guardian|liaison|16|phone|x"})

    def fails_in_narbonne(day, figures):
        if services.require_commune() == "c_11262":
            raise RuntimeError
        right(day, figures)

    monkeypatch.setattr(services, "keep_day", fails_in_narbonne)
    services.roll_up_all()
    with in_public():
        assert set(UsageDay.objects.values_list("insee", flat=True)) == {"11203"}
    monkeypatch.setattr(services, "keep_day", right)
    services.roll_up_all()
    with in_public():
        assert set(UsageDay.objects.values_list("insee", flat=True)) == {"11203", "11262"}
        assert UsageMonth.objects.get(level="academy", month=yesterday.replace(day=1)).visits == 2


def test_what_is_kept_in_the_commune_and_what_goes_up_are_one(in_narbonne, monkeypatch):
    def fails(**_facts):
        raise RuntimeError

    monkeypatch.setattr(services.academy, "store_days", fails)
    with pytest.raises(RuntimeError):
        services.keep_day(timezone.localdate(), counting.count({"v|0110427E|guardian|liaison|16|phone|x"}))
    assert not CountedDay.objects.exists()


def test_visits_add_up_over_hours_profiles_and_devices():
    members = {
        "v|0110427E|guardian|liaison|16|phone|a",
        "v|0110427E|guardian|home|16|phone|a",
        "v|0110427E|guardian|home|35|desktop|a",
        "v|0110427E|teacher|home|17|desktop|b",
        "v||municipal|home|17|desktop|c",
        "c|0110427E|guardian|1",
        "c|0110427E|guardian|2",
    }
    found = counting.count(members)
    school = found["0110427E"]
    assert (school.visits, school.visitors, school.connections) == (3, 2, 2)
    for kind, cells in {
        "p": {"guardian": 2, "teacher": 1},
        "h": {"08": 2, "17": 1},
        "d": {"phone": 1, "desktop": 2},
    }.items():
        assert {key[2:]: value for key, value in school.cells.items() if key.startswith(f"{kind}/")} == cells
    assert found[""].visits == 1


# --- pages of the commune


def keep(*, uai: str, visits: int, day=None, **cells: int) -> None:
    tally = services.Tally(visits=visits, visitors=visits, connections=visits)
    tally.cells.update({key.replace("__", "/"): value for key, value in cells.items()})
    services.keep_day(day or timezone.localdate(), {uai: tally})


def page(browser) -> str:
    response = browser.get("/usage/")
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("\u202f", " ").split())


def test_a_head_reads_their_schools_and_no_other(room, browser_of):
    yesterday = timezone.localdate() - timedelta(days=1)
    keep(uai=room.school.uai, visits=321, s__teacher__liaison=321)
    keep(uai="0110358E", visits=7654, day=yesterday)
    shown = page(browser_of(HOST, room.head))
    assert "321" in shown
    assert "7 975" not in shown
    assert "7 654" not in shown
    assert "Cahier de liaison" in shown


def test_the_town_reads_the_whole_commune_without_pedagogy(room, browser_of):
    keep(uai=room.school.uai, visits=321, s__teacher__liaison=321, p__teacher=321)
    agent = factories.account("Jean", "Mairie")
    person = factories.person("Jean", "Mairie", user=agent)
    role = StaffAssignment.Role.SCHOOL_SERVICE
    StaffAssignment.objects.create(person=person, role=role, starts_on=timezone.localdate())
    shown = page(browser_of(HOST, agent))
    assert "321" in shown
    assert "Cahier de liaison" not in shown


def test_a_count_that_could_tell_of_one_person_is_hidden(room, browser_of):
    keep(uai=room.school.uai, visits=60, p__head=3, u__head=1, p__guardian=57, u__guardian=40)
    assert "masqué" in page(browser_of(HOST, room.head))


def test_the_page_asks_as_many_queries_for_a_year_as_for_a_day(room, browser_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    keep(uai=room.school.uai, visits=10)
    browser = browser_of(HOST, room.head)
    page(browser)
    with CaptureQueriesContext(connection) as once:
        page(browser)
    for back in range(1, 40):
        keep(uai=room.school.uai, visits=10, day=timezone.localdate() - timedelta(days=7 * back))
    with django_assert_num_queries(len(once)):
        page(browser)


def test_before_any_visit_the_page_says_so(room, browser_of):
    assert "Aucune visite n’a encore été comptée." in page(browser_of(HOST, room.head))


def test_a_pupil_is_reached_when_a_guardian_came_this_month(room):
    from tenant_apps.usage.counters import counters

    uai = room.school.uai
    assert counters()[uai, "guardians_reached"] == 0
    Device.objects.create(user=room.guardians["Sophie"], token_digest="0" * 64, last_seen_at=timezone.now())
    found = counters()
    assert (found[uai, "guardians_reached"], found[uai, "pupils"], found[uai, "classes"]) == (1, 3, 1)


def test_nothing_of_a_commune_is_read_in_another(narbonne, lezignan):
    with in_schema("c_11262"):
        keep(uai="0110427E", visits=5)
    with in_schema("c_11203"):
        assert not CountedDay.objects.exists()
