"""Too many messages at once, in a commune or everywhere, are told to the academy; numbers only go up."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import travel

from core import registry
from core.tenancy import current_schema, in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.emergency import tasks, watch
from shared_apps.emergency.models import Alarm, Peak, ReportedMessage
from shared_apps.notifications.models import Notification
from tests.shared_apps.emergency.test_switches import browser
from tests.shared_apps.onboarding import factories as academy
from tests.tenant_apps.liaison import factories as school
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
NARBONNE, LEZIGNAN = "c_11262", "c_11203"
TUESDAY = "2026-11-24 09:30:00+01:00"


@pytest.fixture
def counted(monkeypatch, narbonne, lezignan):
    """What each commune would count."""
    counts = {}
    counter = {"messaging": lambda _since: counts.get(current_schema(), 0)}
    monkeypatch.setattr(registry.send_counters, "_items", counter)
    return counts


def alarms():
    return [(row.where, row.count, row.usual) for row in Alarm.objects.order_by("created_at")]


def test_more_than_the_floor_in_a_commune_is_told_to_administrators_and_assistance(counted, admin):
    agent = academy.staff("Luc", "Blanc", role=StaffRole.Role.SUPPORT)
    academy.staff("Jeanne", "Roche", role=StaffRole.Role.TRAINER)
    counted[NARBONNE] = watch.COMMUNE_FLOOR + 1
    watch.look()
    assert alarms() == [("Narbonne", 31, 0)]
    told = Notification.objects.filter(kind="emergency.alarm")
    assert {row.user_id for row in told} == {admin.pk, agent.pk}
    assert "Narbonne" in told.first().title


def test_many_communes_that_send_a_little_raise_one_alarm_for_all(counted):
    counted |= {NARBONNE: watch.COMMUNE_FLOOR, LEZIGNAN: watch.COMMUNE_FLOOR}
    watch.look()
    assert alarms() == []
    counted[LEZIGNAN] -= 1
    counted[NARBONNE] += 2
    watch.look()
    assert alarms() == [("toute l’académie", 61, 0), ("Narbonne", 32, 0)]


def test_what_is_usual_at_that_hour_of_the_week_raises_none(counted):
    counted[NARBONNE] = 25
    with travel(timezone.now() - timedelta(weeks=1)):
        watch.look()
    counted[NARBONNE] = 75
    watch.look()
    assert alarms() == []
    counted[NARBONNE] = 76
    with travel(timezone.now() + timedelta(days=1)):
        watch.look()
    assert ("Narbonne", 76, 0) in alarms()


def test_an_attack_is_not_learnt_and_rings_once_an_hour(counted):
    counted[NARBONNE] = 50
    watch.look()
    watch.look()
    with travel(timezone.now() + timedelta(minutes=61)):
        watch.look()
    assert alarms() == [("Narbonne", 50, 0)] * 2
    assert not Peak.objects.filter(commune__schema_name=NARBONNE).exists()


def test_a_commune_that_can_t_be_counted_hides_no_other(monkeypatch, counted):
    def count(_since):
        if current_schema() == NARBONNE:
            raise ValueError
        return 40

    monkeypatch.setattr(registry.send_counters, "_items", {"messaging": count})
    watch.look()
    assert [where for where, *_counts in alarms()] == ["Lézignan-Corbières"]


def test_messages_are_counted_when_they_are_sent_not_when_written(narbonne):
    with in_schema(NARBONNE):
        room = school.classroom()
        since = timezone.now() - watch.WINDOW
        count = registry.send_counters["messaging"]
        draft = factories.draft(room.teacher, factories.person(room.head))
        assert count(since) == 0
        factories.queued(room.teacher, factories.person(room.head))
        assert count(since) == 1
        assert count(since + 2 * watch.WINDOW) == 0
        assert draft.is_draft


# --- what readers report


def report(room, browser_of, author):
    with in_schema(NARBONNE):
        message = factories.sent(author, factories.person(room.guardians["Sophie"]), body="Un texte qui blesse.")
    reader = browser_of("narbonne.localhost", room.guardians["Sophie"])
    reader.post(f"/messages/{message.pk}/signaler/", {"reason": "Cela me gêne", "go": "report"})
    with in_schema(NARBONNE):
        factories.deliver()


def test_a_report_is_seen_by_the_academy_without_its_text_nor_any_name(room, browser_of, admin):
    report(room, browser_of, room.teacher)
    row = ReportedMessage.objects.get()
    assert (row.commune.name, row.uai, row.heads, row.state) == ("Narbonne", "0110357D", 1, "waiting")
    page = browser(admin).get("/urgence/").content.decode()
    assert "Narbonne, École" in page
    for word in ("blesse", "Sophie", "Cabanel", "Vidal"):
        assert word not in page
    assert Notification.objects.get(kind="emergency.reported").user_id == admin.pk


def test_a_report_that_nobody_at_the_school_can_read_says_so(room, browser_of, admin):
    report(room, browser_of, room.head)
    assert ReportedMessage.objects.get().heads == 0
    assert "ne peut lire" in Notification.objects.get(kind="emergency.reported").title
    inspection = "à voir avec l’inspection"
    assert inspection in browser(admin).get("/urgence/").content.decode()
    report(room, browser_of, room.teacher)
    assert browser(admin).get("/urgence/").content.decode().count(inspection) == 1


def test_the_decision_of_the_head_goes_up_too(room, browser_of, admin):
    report(room, browser_of, room.teacher)
    pk = ReportedMessage.objects.get().pk
    browser_of("narbonne.localhost", room.head).post(f"/messages/signales/{pk}/", {"act": "withdraw"})
    with in_schema(NARBONNE):
        factories.deliver()
    row = ReportedMessage.objects.get()
    assert row.state == "withdrawn"
    assert row.decided_at
    assert "Narbonne, École" not in browser(admin).get("/urgence/").content.decode()


def test_alarms_and_what_was_reported_are_forgotten_after_a_year_and_peaks_after_five_weeks(counted, admin):
    counted |= {NARBONNE: 40, LEZIGNAN: 15}
    watch.look()
    with travel(timezone.now() + timedelta(days=36)):
        tasks.forget()
        assert (Alarm.objects.count(), Peak.objects.count()) == (1, 0)
    with travel(timezone.now() + timedelta(days=366)):
        tasks.forget()
        assert not Alarm.objects.exists()
