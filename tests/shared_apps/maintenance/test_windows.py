"""Interventions: planned outside school, announced in communes, closing or not, extended, cancelled."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.maintenance import services, slots
from shared_apps.maintenance.current import published
from shared_apps.maintenance.models import Window
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.reference import loading
from tests.shared_apps.onboarding import factories
from tests.tenant_apps.liaison import factories as school

pytestmark = pytest.mark.django_db
NARBONNE, LEZIGNAN = "narbonne.localhost", "lezignan-corbieres.localhost"
PARIS = ZoneInfo("Europe/Paris")


def sign_in_page(host=NARBONNE):
    return Client(headers={"host": host}).get("/connexion/")


def form(**changes):
    start = timezone.localtime() + timedelta(days=3)
    fields = {
        "title": "Nous changeons un disque",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "minutes": "60",
        "access": "read_only",
        "announced_days": "7",
        "accepts_school_hours": "on",
    }
    return fields | changes


# --- when


@pytest.fixture
def calendar(db):
    loading.apply(loading.compare(loading.KINDS["calendar"]))


def paris(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("day", "hour", "touches"),
    [
        (date(2026, 11, 26), 10, True),  # a Thursday of class
        (date(2026, 11, 26), 19, False),  # its evening
        (date(2026, 11, 25), 10, True),  # Wednesday morning
        (date(2026, 11, 25), 14, False),  # Wednesday afternoon
        (date(2026, 11, 28), 10, False),  # Saturday
        (date(2026, 12, 22), 10, False),  # holidays of Christmas
        (date(2026, 11, 11), 10, False),  # Armistice
        (date(2027, 5, 7), 10, False),  # the bridge of Ascension
    ],
)
def test_school_hours_are_those_of_a_week_of_class_in_zone_c(calendar, day, hour, touches):
    assert slots.touches_school(paris(day, hour), paris(day, hour) + timedelta(hours=1)) is touches


@travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False)  # a Monday
def test_the_slots_proposed_leave_two_days_and_touch_no_class(calendar):
    found = [timezone.localtime(slot) for slot in slots.next_slots(90)]
    assert [f"{slot:%d %H:%M}" for slot in found] == ["25 13:30", "26 19:00", "27 19:00"]


@travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False)
def test_a_whole_day_of_work_waits_for_the_week_end(calendar):
    found = [timezone.localtime(slot) for slot in slots.next_slots(24 * 60)]
    assert [f"{slot:%d %H:%M}" for slot in found[:1]] == ["27 19:00"]


@travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False)
def test_school_hours_are_warned_of_then_kept_by_a_word(calendar, officer, academy):
    browser = academy(officer)
    asked = form(starts_at="2026-11-26T10:00")
    del asked["accepts_school_hours"]
    refused = browser.post("/maintenance/intervention/", asked)
    assert refused.status_code == 422
    assert "Des écoles travaillent à ce moment-là." in refused.content.decode()
    assert not Window.objects.exists()
    assert browser.post("/maintenance/intervention/", asked | {"accepts_school_hours": "on"}).status_code == 302
    assert Window.objects.get().during_school is True
    assert Entry.objects.filter(action="maintenance.window_planned").count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"starts_at": "2020-01-01T10:00"}, "déjà passé"),
        ({"communes": "Atlantide"}, "n’est pas une commune"),
        ({"access": ""}, "obligatoire"),
        ({"minutes": "1"}, "supérieure ou égale à 5"),
    ],
)
def test_a_wrong_form_says_why_and_plans_nothing(officer, academy, changes, why):
    answer = academy(officer).post("/maintenance/intervention/", form(**changes))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Window.objects.exists()


# --- what the communes see


def test_a_window_is_announced_where_it_concerns_and_when_it_is_time(announce, narbonne, lezignan):
    announce(communes=["11262"], access="closed", starts_at=timezone.now() + timedelta(days=3))
    assert "Nous changeons un disque" in sign_in_page().content.decode()
    assert "Nous changeons un disque" not in sign_in_page(LEZIGNAN).content.decode()
    Window.objects.update(announced_from=timezone.now() + timedelta(days=1))
    published.clear()
    assert "Nous changeons un disque" not in sign_in_page().content.decode()


def test_the_banner_costs_no_query_for_each_page(announce, narbonne, browser_of, django_assert_num_queries):
    announce()
    sign_in_page()
    with django_assert_num_queries(0):
        sign_in_page()


def test_a_closed_commune_says_until_when_and_the_others_live(running, narbonne, lezignan):
    window = running(access="closed", communes=["11262"])
    answer = sign_in_page()
    assert answer.status_code == 503
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "Nous changeons un disque" in answer.content.decode()
    assert sign_in_page(LEZIGNAN).status_code == 200
    assert Client(headers={"host": NARBONNE}).get("/api/v1/me/").headers["Content-Type"] == "application/problem+json"
    Window.objects.filter(pk=window.pk).update(ends_at=timezone.now())
    published.clear()
    assert sign_in_page().status_code == 200


def test_read_only_lets_people_come_in_and_read_but_not_write(running, narbonne, browser_of):
    running(access="read_only")
    with in_schema(narbonne.schema_name):
        room = school.classroom()
    browser = browser_of(NARBONNE, room.teacher)
    assert browser.get("/mots/").status_code == 200
    refused = browser.post("/mots/ecrire/", {})
    assert refused.status_code == 503
    assert "Rien n’a été modifié." in refused.content.decode()
    assert Client(headers={"host": NARBONNE}).post("/connexion/", {}).status_code != 503
    assert browser.post("/deconnexion/").status_code == 302


def test_the_academy_stays_at_work_during_a_window(running, officer, academy):
    running(access="closed")
    assert academy(officer).get("/maintenance/").status_code == 200


def test_an_incident_is_said_on_each_page_until_it_ends(broken, officer, narbonne):
    incident = broken()
    assert "Incident en cours : Les documents sont lents" in sign_in_page().content.decode()
    services.end_incident(actor=officer, incident=incident, words="Réparé.", cause="un disque plein")
    published.clear()
    assert "Incident en cours" not in sign_in_page().content.decode()


# --- its life


def test_a_window_is_extended_then_cancelled_and_the_banner_follows(running, officer, academy, narbonne):
    window, browser = running(access="open"), academy(officer)
    later = timezone.localtime(window.ends_at) + timedelta(hours=2)
    page = f"/maintenance/interventions/{window.pk}/"
    assert browser.post(f"{page}prolonger/", {"ends_at": f"{later:%Y-%m-%dT%H:%M}"}).status_code == 302
    assert Window.objects.get().ends_at > window.ends_at
    assert browser.post(f"{page}annuler/", {"because": "le disque va bien"}).status_code == 302
    published.clear()
    assert "Nous changeons un disque" not in sign_in_page().content.decode()
    assert browser.post(f"{page}annuler/", {"because": "encore"}).status_code == 422
    assert list(Entry.objects.order_by("sequence").values_list("action", flat=True))[-2:] == [
        "maintenance.window_extended",
        "maintenance.window_cancelled",
    ]


def test_an_earlier_end_is_refused(running, officer, academy):
    window = running()
    earlier = timezone.localtime(window.ends_at) - timedelta(minutes=20)
    answer = academy(officer).post(
        f"/maintenance/interventions/{window.pk}/prolonger/", {"ends_at": f"{earlier:%Y-%m-%dT%H:%M}"}
    )
    assert answer.status_code == 422
    assert "La nouvelle fin doit suivre l’ancienne." in answer.content.decode()


def test_heads_are_told_once_in_their_own_commune(announce, narbonne, lezignan):
    with in_schema(narbonne.schema_name):
        head = school.classroom().head
    window = announce(tells_heads=True, communes=["11262"])
    assert OutboxEntry.objects.filter(kind="maintenance.tell_heads").count() == 1
    outbox.deliver_due()
    with in_schema(narbonne.schema_name):
        [told] = Notification.objects.filter(kind="maintenance")
        assert told.user == head
        assert window.title in told.title
    with in_schema(lezignan.schema_name):
        assert not Notification.objects.filter(kind="maintenance").exists()


def test_lists_cost_the_same_whatever_the_rows(officer, academy, announce, broken, django_assert_max_num_queries):
    for _turn in range(3):
        announce()
        broken()
    browser = academy(officer)
    with django_assert_max_num_queries(12):
        browser.get("/maintenance/")


def test_who_only_reads_sees_no_button(announce, academy):
    window = announce()
    browser = academy(factories.staff("Luc", "Formateur", role=factories.Role.TRAINER))
    words = browser.get(f"/maintenance/interventions/{window.pk}/").content.decode()
    assert "Nous changeons un disque" in words
    assert "Annuler l’intervention" not in words
