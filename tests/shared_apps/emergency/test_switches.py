"""One act of the academy stops what people send, where it says and for whom. Reading goes on, reopening is as easy."""

from datetime import time, timedelta

import pytest
from django.db import Error
from django.test import Client
from django.utils import timezone
from time_machine import travel

from core import registry
from core.tenancy import current_schema, in_schema
from shared_apps.accounts.models import StaffRole
from shared_apps.accounts.sessions import SECOND_FACTOR_KEY, VERIFIED_KEY
from shared_apps.audit.models import Entry
from shared_apps.emergency import services, tasks
from shared_apps.emergency.models import Measure, Switch
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.messages.models import Copy
from tenants import stops
from tenants.hosts import hosts
from tenants.stops import Sent, may_read, may_send
from tests.shared_apps.onboarding import factories as academy
from tests.support.people import HASH
from tests.support.sign_in import sign_in
from tests.tenant_apps.liaison import factories as school
from tests.tenant_apps.messages import factories

pytestmark = pytest.mark.django_db
NARBONNE, LEZIGNAN = "c_11262", "c_11203"
HOST = "narbonne.localhost"
TEACHER = Sent(("teacher",), ("0110357D",))
GUARDIAN = Sent(("guardian",), ("0110357D",))
REASON = "Menaces reçues ce matin"


@pytest.fixture
def throw(admin):
    def act(level="academy", code="", **facts):
        return services.throw(actor=admin, level=level, code=code, reason=REASON, **facts)

    return act


def sends(schema, sent):
    with in_schema(schema):
        return may_send(sent)


def parents(room):
    return f"guardians:{room.school_class.pk}"


@pytest.mark.parametrize(
    ("level", "code", "here", "there"),
    [
        ("academy", "", False, False),
        ("department", "11", False, False),
        ("department", "34", True, True),
        ("commune", "11262", False, True),
        ("school", "0110427E", True, True),
    ],
)
def test_a_switch_stops_the_communes_that_it_names(throw, level, code, here, there):
    throw(level, code)
    assert (sends(NARBONNE, TEACHER), sends(LEZIGNAN, TEACHER)) == (here, there)


def test_a_switch_of_a_school_stops_that_school_and_whoever_s_school_is_not_known(throw):
    throw("school", "0110427E")
    assert not sends(NARBONNE, Sent(("teacher",), ("0110427E",)))
    assert not sends(NARBONNE, Sent(("teacher",)))


def test_a_switch_names_profiles_and_who_has_another_one_goes_on(throw):
    throw(parties=["guardian", "pupil"])
    assert not sends(NARBONNE, GUARDIAN)
    assert sends(NARBONNE, TEACHER)
    assert sends(NARBONNE, Sent(("guardian", "teacher")))
    assert not sends(NARBONNE, Sent(("guardian", "pupil")))


def test_a_notice_of_the_schools_stays_possible_unless_the_academy_says_no(throw):
    notice = Sent(("head",), ("0110357D",), is_notice=True)
    row = throw()
    assert sends(NARBONNE, notice)
    services.lift(actor=row.thrown_by, switch=row, reason=REASON)
    throw(allows_notices=False)
    assert not sends(NARBONNE, notice)


def test_a_switch_has_its_hours_over_midnight(throw):
    with travel("2026-11-24 18:00:00+01:00"):
        throw(parties=["guardian"], daily_from=time(21), daily_until=time(7))
    for hour, goes in (("20:59", True), ("21:00", False), ("23:59", False)):
        with travel(f"2026-11-24 {hour}:00+01:00"):
            assert sends(NARBONNE, GUARDIAN) is goes
    with travel("2026-11-25 06:59:00+01:00"):
        assert not sends(NARBONNE, GUARDIAN)
    with travel("2026-11-25 07:00:00+01:00"):
        assert sends(NARBONNE, GUARDIAN)


def test_a_switch_ends_by_itself(throw):
    throw(ends_at=timezone.now() + timedelta(hours=1))
    assert not sends(NARBONNE, GUARDIAN)
    with travel(timezone.now() + timedelta(hours=1)):
        assert sends(NARBONNE, GUARDIAN)


def test_the_academy_opens_again_by_profile_then_for_all(throw, admin):
    row = throw()
    services.reopen(actor=admin, switch=row, parties=["teacher", "head"], reason=REASON)
    assert sends(NARBONNE, TEACHER)
    assert not sends(NARBONNE, GUARDIAN)
    row.refresh_from_db()
    services.lift(actor=admin, switch=row, reason=REASON)
    assert sends(NARBONNE, GUARDIAN)
    entries = Entry.objects.filter(action__startswith="emergency.").order_by("sequence")
    actions = list(entries.values_list("action", flat=True))
    assert actions == ["emergency.thrown", "emergency.reopened", "emergency.lifted"]


def test_what_is_queued_in_several_communes_does_not_leave_and_leaves_after(room, lezignan, throw, mailoutbox):
    with in_schema(LEZIGNAN):
        other = school.classroom(uai="0110358E")
    for schema, who in ((NARBONNE, room), (LEZIGNAN, other)):
        with in_schema(schema):
            factories.queued(who.teacher, parents(who))
    row = throw()
    for schema in (NARBONNE, LEZIGNAN):
        with in_schema(schema):
            factories.deliver()
            assert not Copy.objects.exists()
    assert mailoutbox == []
    services.lift(actor=row.thrown_by, switch=row, reason=REASON)
    with travel(timezone.now() + timedelta(minutes=1)):
        for schema in (NARBONNE, LEZIGNAN):
            with in_schema(schema):
                factories.deliver()
                assert Copy.objects.received().count() == 5
    assert len(mailoutbox) == 10


def test_mails_already_queued_stop_too_but_those_that_give_access_back(room, throw, mailoutbox):
    with in_schema(NARBONNE):
        factories.queued(room.teacher, parents(room))
        outbox.deliver_due(limit=1)
        assert Copy.objects.received().count() == 5
    throw()
    with in_schema(NARBONNE):
        outbox.put("accounts.mail", key="code", payload={"what": "password_changed", "users": []})
        factories.deliver()
        assert mailoutbox == []
        waiting = OutboxEntry.objects.pending().values_list("kind", flat=True)
        assert set(waiting) == {"notifications.mail"}


def test_nothing_leaves_when_the_switches_cannot_be_read_and_reading_goes_on(room, monkeypatch, browser_of, mailoutbox):
    with in_schema(NARBONNE):
        message = factories.sent(room.teacher, factories.person(room.guardians["Sophie"]))
        factories.queued(room.teacher, factories.person(room.guardians["Laure"]))
        sent = len(mailoutbox)

        def lost():
            raise Error("public is away")

        monkeypatch.setattr(stops, "_load", lost)
        stops.switches.clear()
        factories.deliver()
        assert Copy.objects.received().count() == 1
        assert len(mailoutbox) == sent
        assert may_read(TEACHER)
    answer = browser_of(HOST, room.guardians["Sophie"]).get(message.get_absolute_url())
    assert "Pensez aux bottes" in answer.content.decode()


def test_a_process_asks_the_database_once_in_five_seconds_and_at_each_notice(throw, django_assert_num_queries):
    now = [0.0]
    kept = stops.Watched(stops.switches._load, clock=lambda: now[0])
    kept.get()
    with django_assert_num_queries(0):
        kept.get()
    now[0] = 6.0
    with django_assert_num_queries(3):  # one, in a savepoint
        kept.get()
    hosts.clear()
    with django_assert_num_queries(3):
        kept.get()


def test_who_writes_is_told_before_and_keeps_the_draft(room, throw, browser_of):
    throw()
    with in_schema(NARBONNE):
        draft = factories.draft(room.teacher, parents(room))
        browser = browser_of(HOST, room.teacher)
        page = f"/messages/{draft.pk}/envoyer/"
        assert "suspendu par l’académie" in browser.get(page).content.decode()
        assert "gardé en brouillon" in browser.post(page).content.decode()
        draft.refresh_from_db()
        assert draft.is_draft


def test_the_academy_may_close_the_reading_too(room, throw, browser_of):
    throw(stops_reading=True, parties=["guardian"])
    assert browser_of(HOST, room.guardians["Sophie"]).get("/messages/").status_code == 403
    assert browser_of(HOST, room.teacher).get("/messages/").status_code == 200


# --- measures


def run(admin, row, kind, **facts):
    measure = services.measure(actor=admin, switch=row, kind=kind, **facts)
    tasks.run_measure(str(measure.pk))
    return Measure.objects.get(pk=measure.pk)


def test_unread_copies_are_put_aside_with_what_told_of_them_and_can_come_back(room, throw, admin, browser_of):
    since = timezone.now() - timedelta(hours=1)
    with in_schema(NARBONNE):
        message = factories.sent(room.teacher, parents(room))
        kept = factories.sent(room.guardians["Sophie"], factories.person(room.teacher), subject="Question")
    browser_of(HOST, room.guardians["Sophie"]).get(message.get_absolute_url())
    row = throw("commune", "11262", parties=["teacher"])
    done = run(admin, row, "recall", since=since)
    assert (done.touched, done.total, done.todo, done.failed) == (4, 1, [], [])
    assert browser_of(HOST, room.guardians["Laure"]).get(message.get_absolute_url()).status_code == 404
    assert browser_of(HOST, room.guardians["Sophie"]).get(message.get_absolute_url()).status_code == 200
    assert browser_of(HOST, room.teacher).get(kept.get_absolute_url()).status_code == 200
    with in_schema(NARBONNE):
        assert not Notification.objects.filter(user=room.guardians["Laure"]).exists()
        assert Copy.objects.exclude(held_at=None).count() == 4
    assert run(admin, row, "restore").touched == 4
    assert browser_of(HOST, room.guardians["Laure"]).get(message.get_absolute_url()).status_code == 200


def test_sessions_of_a_cohort_end_and_those_of_others_do_not(room, throw, admin, browser_of):
    sophie, teacher = browser_of(HOST, room.guardians["Sophie"]), browser_of(HOST, room.teacher)
    run(admin, throw("commune", "11262", parties=["guardian"]), "sessions")
    assert sophie.get("/").status_code == 302
    assert teacher.get("/").status_code == 200


def test_passwords_of_a_cohort_are_to_choose_again_but_those_chosen_since(room, throw, admin):
    since = timezone.now()
    with in_schema(NARBONNE):
        for name, moment in (
            ("Sophie", since - timedelta(days=30)),
            ("Laure", since + timedelta(minutes=1)),
            ("Karim", None),
        ):
            user = room.guardians[name]
            user.password, user.password_set_at = HASH, moment
            user.save()
    done = run(admin, throw("commune", "11262", parties=["guardian"]), "renewal", since=since)
    assert done.touched == 2
    with in_schema(NARBONNE):
        for name, is_kept in (("Sophie", False), ("Laure", True), ("Karim", False)):
            room.guardians[name].refresh_from_db()
            assert room.guardians[name].has_usable_password() is is_kept


def test_a_commune_that_fails_keeps_no_other_waiting(throw, admin, monkeypatch):
    def recall(_facts):
        if current_schema() == NARBONNE:
            raise ValueError
        return 3

    monkeypatch.setitem(registry.emergency_measures._items, "recall", recall)
    done = run(admin, throw(), "recall")
    assert (done.failed, done.touched, done.todo) == ([NARBONNE], 3, [])


# --- pages


def browser(user, **session):
    client = Client(headers={"host": academy.HOST})
    sign_in(client, academy.HOST, user, **{SECOND_FACTOR_KEY: True, **session})
    return client


def fresh():
    return {VERIFIED_KEY: timezone.now().isoformat()}


def test_throwing_asks_the_second_factor_anew_then_a_reason(admin):
    assert browser(admin).get("/urgence/couper/").status_code == 302
    page = browser(admin, **fresh())
    answer = page.post("/urgence/couper/", {"level": "academy", "reason": "non"})
    assert answer.status_code == 422
    assert not Switch.objects.exists()
    page.post("/urgence/couper/", {"level": "commune", "code": "11262", "reason": REASON, "allows_notices": "on"})
    row = Switch.objects.get()
    assert (row.name, row.departments, row.thrown_by) == ("Narbonne", ["11"], admin)
    assert "Narbonne" in page.get("/urgence/").content.decode()


def test_an_unknown_place_stops_nothing(admin):
    page = browser(admin, **fresh())
    answer = page.post("/urgence/couper/", {"level": "commune", "code": "75056", "reason": REASON})
    assert answer.status_code == 422
    assert not Switch.objects.exists()


def test_the_page_of_a_switch_opens_again_for_the_ticked_profiles(admin, throw):
    row = throw()
    page = browser(admin, **fresh())
    page.post(f"/urgence/{row.pk}/rouvrir/", {"parties": ["teacher"], "reason": REASON})
    row.refresh_from_db()
    assert "teacher" not in row.parties
    assert row.is_thrown


def test_a_dasen_reads_the_switches_of_the_departement_only(throw):
    throw("commune", "11262")
    dasen = academy.staff("Anne", "Roux", role=StaffRole.Role.DASEN, scope="34")
    assert "Narbonne" not in browser(dasen).get("/urgence/").content.decode()
    other = academy.staff("Luc", "Roux", role=StaffRole.Role.DASEN, scope="11")
    assert "Narbonne" in browser(other).get("/urgence/").content.decode()
    assert browser(other).get("/urgence/couper/").status_code == 403
