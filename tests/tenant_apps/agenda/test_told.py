"""Families are told of the dates of their class and of their groups, once, and of nothing else."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.agenda import appointments, notifications
from tenant_apps.agenda.models import Event
from tenant_apps.people.models import Guardianship, Person
from tenant_apps.people.services import make_group
from tests.support.pages import said
from tests.tenant_apps.agenda.factories import TUESDAY, event
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
PARIS = timezone.get_default_timezone()


@pytest.fixture(autouse=True)
def clock():
    """Monday, nine o'clock."""
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=PARIS), tick=False) as moved:
        yield moved


@pytest.fixture
def later(clock):
    """Minutes pass, and what is due is produced."""

    def pass_by(minutes: int = 11) -> None:
        clock.shift(timedelta(minutes=minutes))
        outbox.deliver_due()

    return pass_by


def typed(room, **more):
    return (
        {"reach": str(room.school_class.pk), "kind": "outing", "title": "Narbo Via", "repeats": "never"}
        | {"starts_on": "2026-11-26"}
        | more
    )


def write(browser, room, pk=None, **more):
    address = reverse("agenda:change", args=[pk]) if pk else reverse("agenda:write")
    answer = browser.post(address, typed(room, **more), follow=True)
    assert answer.status_code == 200
    return said(answer)


def told(user) -> list[str]:
    rows = Notification.objects.filter(user=user, kind__startswith="agenda.").order_by("created_at", "pk")
    return [row.title.replace("\u00a0", " ") for row in rows]


def test_the_families_of_the_class_are_told_ten_minutes_after(room, teacher, sophie, later):
    far = factories.next_class(room)
    assert "prévenues dans dix minutes" in write(teacher, room, begins_at="09:00")
    later(9)
    assert not Notification.objects.filter(kind=notifications.NEW).exists()
    later(2)
    words = "Inès · Nouvelle date : Narbo Via, jeudi 26 novembre à 9 h"
    assert told(room.guardians["Sophie"]) == told(room.guardians["Karim"]) == [words]
    assert not any(told(user) for user in (*far.guardians.values(), room.teacher, room.head))
    assert words in said(sophie.get(reverse("notifications:list"))).replace("\u00a0", " ")
    assert "Narbo Via" in said(sophie.get(Notification.objects.get(user=room.guardians["Sophie"]).url))
    later(60)
    assert len(told(room.guardians["Sophie"])) == 1


def test_a_guardian_without_the_authority_is_not_told(room, teacher, later):
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    write(teacher, room)
    later()
    assert told(room.guardians["Karim"]) == []
    assert len(told(room.guardians["Sophie"])) == 1


def test_what_is_removed_before_it_was_told_says_nothing(room, teacher, later):
    write(teacher, room)
    later(5)
    teacher.post(reverse("agenda:remove", args=[Event.objects.get().pk]))
    later(20)
    assert not Notification.objects.filter(kind__startswith="agenda.").exists()


def test_what_is_written_in_a_row_is_told_once_as_it_is_in_the_end(room, teacher, later):
    write(teacher, room)
    pk = Event.objects.get().pk
    for title in ("Horreum", "Le Horreum"):
        later(5)
        write(teacher, room, pk, title=title)
    later(30)
    assert told(room.guardians["Sophie"]) == ["Inès · Nouvelle date : Le Horreum, jeudi 26 novembre"]


def test_a_change_then_a_removal_are_told_and_a_writing_that_changes_nothing_is_not(room, teacher, later):
    write(teacher, room)
    later()
    pk = Event.objects.get().pk
    write(teacher, room, pk)
    later()
    write(teacher, room, pk, starts_on="2026-11-27")
    later()
    later(1)
    teacher.post(reverse("agenda:remove", args=[pk]))
    assert told(room.guardians["Sophie"]) == [
        "Inès · Nouvelle date : Narbo Via, jeudi 26 novembre",
        "Inès · Date changée : Narbo Via, vendredi 27 novembre",
        "Inès · Date annulée : Narbo Via, vendredi 27 novembre",
    ]


@pytest.mark.parametrize(
    "facts", [{"on": date(2026, 11, 20)}, {"reach": "school"}, {"reach": "commune"}], ids=["past", "school", "commune"]
)
def test_a_date_that_is_over_and_those_of_a_school_or_the_commune_tell_nobody(room, facts, later):
    event(room, **facts)
    later()
    assert not OutboxEntry.objects.filter(kind=notifications.FAMILIES).exists()
    assert not Notification.objects.filter(kind__startswith="agenda.").exists()


def test_what_is_over_when_its_turn_comes_is_not_told(room, clock):
    event(room, on=date(2026, 11, 23))
    clock.shift(timedelta(days=1))
    outbox.deliver_due()
    assert told(room.guardians["Sophie"]) == []


def test_what_repeats_is_told_once(room, teacher, later):
    write(teacher, room, title="Piscine", repeats="weekly", until="2027-06-30")
    later()
    assert told(room.guardians["Sophie"]) == ["Inès · Nouvelle date : Piscine, chaque semaine"]


def test_of_a_group_its_children_s_families_are_told_once_for_brothers_and_sisters(room, browser_of, later):
    far = factories.next_class(room)
    Guardianship.objects.create(pupil=room.pupils["Noé"], guardian=room.guardians["Sophie"].person)
    pupils = [room.pupils["Inès"], room.pupils["Noé"], far.pupils["Aya"]]
    leaders = [room.teacher.person]
    choir = make_group(
        actor=room.head, school=room.school, name="Chorale", kind="choir", pupils=pupils, leaders=leaders
    )
    write(browser_of(HOST, room.teacher), room, reach=str(choir.pk))
    later()
    (words,) = told(room.guardians["Sophie"])
    assert "Inès" in words and "Noé" in words and "Narbo Via" in words
    assert len(told(far.guardians["Samia"])) == 1
    assert told(room.guardians["Samia"]) == told(far.guardians["Sophie"]) == []


def test_a_pupil_is_told_of_no_date_and_reads_on_their_page_what_is_theirs(room, teacher, browser_of, later):
    child = factories.account("Inès", "Ferrer")
    Person.objects.filter(pupil=room.pupils["Inès"]).update(account=child)
    facts = {"name": "Chorale", "kind": "choir", "pupils": [room.pupils["Inès"]], "leaders": [room.teacher.person]}
    choir = make_group(actor=room.head, school=room.school, **facts)
    write(teacher, room)
    write(teacher, room, reach=str(choir.pk), title="Concert")
    hours = {"begins_at": time(17), "ends_at": time(18), "minutes": 30, "place": "Salle des maîtres"}
    appointments.open_slots(actor=room.teacher, school_class=room.school_class, day=date(2026, 11, 26), **hours)
    later()
    mine, _none = appointments.AppointmentSlot.objects.order_by("starts_at")
    sophie = room.guardians["Sophie"]
    appointments.book(actor=sophie, wanted=[(mine, room.pupils["Inès"])])
    write(teacher, room, Event.objects.get(title="Narbo Via").pk, starts_on="2026-11-27")
    later(60 * 24 * 2)
    assert len(told(sophie)) == 5
    assert not Notification.objects.filter(user=child).exists()
    page = said(browser_of(HOST, child).get(f"{reverse('agenda:agenda')}?jour=2026-11-26"))
    assert "Narbo Via" in page and "Concert" in page
    assert "Salle des maîtres" not in page and "Rendez-vous" not in page


def test_moved_to_another_class_it_is_off_for_one_and_new_for_the_other(room, browser_of, later):
    far, head = factories.next_class(room), browser_of(HOST, room.head)
    write(head, room)
    later()
    later(1)
    write(head, room, Event.objects.get().pk, reach=str(far.school_class.pk))
    later()
    assert told(room.guardians["Karim"])[1:] == ["Inès · Date annulée : Narbo Via, jeudi 26 novembre"]
    assert told(far.guardians["Karim"]) == ["Inès · Nouvelle date : Narbo Via, jeudi 26 novembre"]


def test_a_change_in_the_evening_is_mailed_after_the_quiet_hours(room, browser_of, clock, later, settings):
    settings.ENT_QUIET_HOURS = True
    write(browser_of(HOST, room.teacher), room)
    later()
    clock.move_to(datetime(2026, 11, 23, 21, 0, tzinfo=PARIS))
    write(browser_of(HOST, room.teacher), room, Event.objects.get().pk, starts_on="2026-11-27")
    later()
    mails = OutboxEntry.objects.filter(kind="notifications.mail", key__startswith=f"mail:{notifications.FAMILIES}")
    assert {timezone.localtime(one.not_before).strftime("%d %H:%M") for one in mails} == {"24 07:30"}


def test_an_effect_of_another_commune_finds_nothing_here(room, teacher, lezignan, later):
    write(teacher, room)
    payload = OutboxEntry.objects.get(kind=notifications.FAMILIES).payload
    with in_schema(lezignan.schema_name):
        factories.classroom()
        notifications.tell_families(payload)
        assert not Notification.objects.exists()
    assert Event.objects.get().told_at is None


def test_telling_costs_the_same_however_many_families(room):
    def queries() -> int:
        one = event(room, on=TUESDAY)
        payload = {"event": str(one.pk), "at": one.updated_at.isoformat()}
        with CaptureQueriesContext(
            connection,
        ) as asked:
            notifications.tell_families(payload)
        return len(asked)

    queries()
    before = queries()
    for n in range(5):
        factories.add_family(room, f"Enfant{n}", "Fabre", ["Aurélie"], prefix=f"plus{n}-")
    assert queries() == before <= 12
