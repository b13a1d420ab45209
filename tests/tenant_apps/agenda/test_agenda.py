"""The agenda, as families, teachers, heads and the town read and write it."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shared_apps.audit.models import Entry
from tenant_apps.agenda import services
from tenant_apps.agenda.models import Event, Feed, Lesson
from tenant_apps.agenda.recurrence import days_of
from tenant_apps.attendance.models import Announcement
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.schools.models import CalendarDay
from tests.support.pages import said
from tests.tenant_apps.agenda.factories import TUESDAY, event, officer
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
AGENDA = "/agenda/"


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


def typed(room, **more):
    return (
        {"reach": str(room.school_class.pk), "kind": "outing", "title": "Narbo Via", "repeats": "never"}
        | {"starts_on": "2026-11-26"}
        | more
    )


# --- who reads what


def test_a_guardian_reads_the_class_the_school_the_commune_and_the_holidays_in_one_page(room, sophie):
    event(room, title="Piscine", begins_at="09:00", ends_at="10:30", place="Espace de Liberté")
    event(room, reach="school", title="Conseil d’école")
    event(room, reach="commune", title="Travaux rue Droite")
    CalendarDay.objects.create(
        kind="bridge_day", label="Pont", starts_on=date(2026, 11, 27), ends_on=date(2026, 11, 27)
    )
    page = said(sophie.get(AGENDA))
    assert all(words in page for words in ("Piscine", "Conseil d’école", "Travaux rue Droite", "Pont", "pas d’école"))
    assert "9 h – 10 h 30" in page and "CE2 · Espace de Liberté" in page


def test_the_dates_of_another_class_are_not_a_family_s(room, sophie):
    event(factories.next_class(room), title="Voile")
    assert "Voile" not in said(sophie.get(AGENDA))


def test_a_guardian_without_the_authority_reads_no_class(room, sophie):
    event(room, title="Piscine")
    event(room, reach="school", title="Kermesse")
    Guardianship.objects.filter(guardian__account=room.guardians["Sophie"]).update(has_parental_authority=False)
    page = said(sophie.get(AGENDA))
    assert "Kermesse" in page and "Piscine" not in page


def test_the_town_reads_the_commune_and_the_schools_and_no_class(room, browser_of):
    for reach in ("class", "school", "commune"):
        event(room, reach=reach, title=f"Date {reach}")
    page = said(browser_of(HOST, officer()).get(AGENDA))
    assert "Date school" in page and "Date commune" in page and "Date class" not in page


def test_a_parent_of_two_chooses_a_child(room, sophie):
    other = factories.next_class(room)
    tom = other.pupils["Noé"]
    Guardianship.objects.create(pupil=tom, guardian=room.guardians["Sophie"].person)
    event(room, title="Piscine")
    event(other, title="Voile")
    event(room, reach="commune", title="Travaux")
    page = said(sophie.get(AGENDA))
    assert "Inès · CE2" in page and "Noé · CM1" in page
    page = said(sophie.get(f"{AGENDA}?pour={tom.pk}"))
    assert "Voile" in page and "Travaux" in page and "Piscine" not in page


def test_a_child_who_is_not_mine_in_the_address_changes_nothing(room, sophie):
    event(room, title="Piscine")
    assert "Piscine" in said(sophie.get(f"{AGENDA}?pour={room.pupils['Noé'].pk}"))


def test_a_month_skips_the_days_with_nothing_and_a_week_says_so(room, sophie):
    event(room, title="Piscine")
    assert said(sophie.get(AGENDA)).count("Rien de prévu.") == 4  # Tuesday has something; nothing is said of a weekend
    page = said(sophie.get(f"{AGENDA}?vue=mois"))
    assert "Piscine" in page and "Rien de prévu." not in page
    assert "Rien ce mois-ci." in said(sophie.get(f"{AGENDA}?vue=mois&jour=2027-03-01"))


@pytest.mark.parametrize("typed_day", ["hier", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_today(room, sophie, typed_day):
    event(room, title="Piscine")
    assert "Piscine" in said(sophie.get(f"{AGENDA}?jour={typed_day}"))


def test_what_lasts_is_on_each_of_its_days(room, sophie):
    event(room, title="Classe verte", ends_on=TUESDAY + timedelta(days=2))
    assert said(sophie.get(AGENDA)).count("Classe verte") == 3


def test_an_assistant_reads_the_dates_of_the_class_and_is_shown_no_appointment(room, teacher, browser_of):
    event(room, title="Piscine")
    assert "Les rendez-vous" in said(teacher.get(AGENDA))
    StaffAssignment.objects.filter(person__account=room.teacher).update(role="support_assistant")
    page = said(teacher.get(AGENDA))
    assert "Piscine" in page and "Les rendez-vous" not in page and "Ajouter une date" not in page


def test_a_month_prints_on_one_page_of_whole_weeks(room, sophie):
    event(room, title="Piscine")
    page = sophie.get("/agenda/imprimer/").content.decode()
    assert page.count("<td>") == 42 and "Piscine" in page  # from Monday 26 October to Sunday 6 December


def test_an_announced_absence_is_in_the_agenda_of_the_family_without_its_reason(room, sophie, teacher):
    facts = {"starts_on": TUESDAY, "ends_on": TUESDAY, "reason": "child_illness"}
    Announcement.objects.create(pupil=room.pupils["Inès"], **facts)
    Announcement.objects.create(pupil=room.pupils["Noé"], **facts)
    page = said(sophie.get(AGENDA))
    assert page.count("Absence annoncée") == 1 and "maladie" not in page.lower()
    assert "Absence annoncée" not in said(teacher.get(AGENDA))


# --- who writes what


def test_a_teacher_writes_changes_and_removes_a_date_of_the_class(room, teacher):
    answer = teacher.post("/agenda/ecrire/", typed(room, begins_at="09:00", ends_at="16:00"))
    assert answer.url == "/agenda/?jour=2026-11-26"
    row = Event.objects.get()
    assert (row.school_class, row.school, row.author) == (room.school_class, room.school, room.teacher)
    teacher.post(f"/agenda/{row.pk}/modifier/", typed(room, title="Narbo Via, le matin"))
    assert Event.objects.get().title == "Narbo Via, le matin"
    teacher.post(f"/agenda/{row.pk}/supprimer/")
    assert not Event.objects.exists()
    actions = Entry.objects.filter(action__startswith="agenda.").order_by("pk").values_list("action", flat=True)
    assert set(actions) == {"agenda.event_written", "agenda.event_changed", "agenda.event_removed"}


def test_a_teacher_writes_neither_for_the_school_nor_for_another_class(room, teacher):
    other = factories.next_class(room)
    for reach in (room.school.pk, other.school_class.pk, "commune"):
        assert teacher.post("/agenda/ecrire/", typed(room, reach=str(reach))).status_code == 422
    assert not Event.objects.exists()


def test_a_teacher_does_not_move_a_date_of_the_school_into_the_class(room, teacher):
    row = event(room, reach="school", title="Kermesse")
    assert teacher.post(f"/agenda/{row.pk}/modifier/", typed(room)).status_code == 403


def test_a_date_that_one_keeps_goes_to_no_calendar_of_others(room):
    row = event(room)
    row.school_class = None  # the whole school: the head's
    with pytest.raises(services.PermissionDenied):
        services.save_event(actor=room.teacher, event=row)


def test_the_head_writes_for_the_school_and_the_town_for_the_commune(room, head, browser_of):
    head.post("/agenda/ecrire/", typed(room, reach=str(room.school.pk), title="Kermesse"))
    browser_of(HOST, officer()).post("/agenda/ecrire/", typed(room, reach="commune", title="Grève", kind="strike"))
    assert set(Event.objects.values_list("title", "school", "school_class")) == {
        ("Kermesse", room.school.pk, None),
        ("Grève", None, None),
    }


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2026-11-25"}, "Le dernier jour vient après le premier."),
        ({"begins_at": "10:00", "ends_at": "09:00"}, "L’heure de fin vient après l’heure de début."),
        ({"ends_at": "09:00"}, "Dites à quelle heure cela commence."),
        ({"repeats": "weekly"}, "Dites jusqu’à quand cela se répète."),
        ({"repeats": "weekly", "until": "2026-11-01"}, "Ce qui se répète tient en un jour, et a une date de fin."),
        ({"repeats": "weekly", "until": "2029-11-01"}, "C’est trop long"),
    ],
    ids=["days", "hours", "no start", "no end", "ends before", "too long"],
)
def test_a_date_that_cannot_be_is_told_in_words(room, teacher, wrong, words):
    answer = teacher.post("/agenda/ecrire/", typed(room, **wrong))
    assert answer.status_code == 422 and words in said(answer)
    assert not Event.objects.exists()


def test_the_database_refuses_a_date_of_a_class_without_its_school(room):
    facts = {"title": "Essai", "author": room.teacher, "starts_on": TUESDAY, "ends_on": TUESDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(school_class=room.school_class, **facts)


# --- what repeats


@pytest.mark.parametrize(
    ("repeats", "start", "expected"),
    [
        ("daily", date(2026, 11, 26), ["26", "27", "30", "01", "02"]),
        ("weekly", date(2026, 11, 5), ["05", "12", "19", "26"]),
        ("fortnightly", date(2026, 11, 5), ["05", "19"]),
        ("monthly", date(2026, 10, 31), ["31"]),
    ],
)
def test_a_rule_gives_its_days_and_ends(repeats, start, expected):
    row = Event(repeats=repeats, starts_on=start, ends_on=start, until=date(2026, 12, 2))
    found = days_of(row, date(2026, 9, 1), date(2027, 7, 1), set())
    assert [f"{day:%d}" for day in found] == expected


def test_nothing_is_repeated_on_a_day_off(room, sophie):
    CalendarDay.objects.create(kind="bridge_day", label="Pont", starts_on=TUESDAY, ends_on=TUESDAY)
    event(room, on=TUESDAY - timedelta(days=7), title="Chorale", repeats="weekly", until=date(2026, 12, 15))
    assert "Chorale" not in said(sophie.get(AGENDA))
    assert "Chorale" in said(sophie.get(f"{AGENDA}?jour=2026-12-01"))


def test_a_rule_is_told_in_the_words_of_the_standard():
    row = Event(repeats="fortnightly", until=date(2027, 6, 30))
    assert row.rrule == "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630"
    assert Event().rrule == ""


# --- the timetable


def test_a_teacher_writes_the_timetable_and_families_read_it(room, teacher, sophie):
    address = reverse("agenda:timetable", args=[room.school_class.pk])
    hour = {"weekday": "1", "begins_at": "08:30", "ends_at": "09:30", "label": "Lecture"}
    assert teacher.post(address, hour).status_code == 302
    assert "Lecture" in said(sophie.get(address))
    answer = teacher.post(address, hour | {"begins_at": "09:00", "ends_at": "10:00"})
    assert answer.status_code == 422 and "Cette heure est déjà prise" in said(answer)
    assert teacher.post(address, hour | {"begins_at": "09:30", "ends_at": "10:00"}).status_code == 302
    teacher.post(reverse("agenda:remove_lesson", args=[Lesson.objects.first().pk]))
    assert Lesson.objects.count() == 1


# --- the private address


def address_of(client) -> str:
    return re.search(r'value="(http[^"]*\.ics)"', client.post("/agenda/lien/").content.decode()).group(1)


def read(browser_of, address):
    return browser_of(HOST).get("/agenda/" + address.split("/agenda/", 1)[1])


def lines_of(response) -> list[str]:
    return response.content.decode().replace("\r\n ", "").split("\r\n")


def test_the_private_address_gives_what_its_owner_sees_without_a_session(room, sophie, browser_of):
    event(room, title="Piscine", begins_at="09:00", ends_at="10:30")
    event(room, title="Rencontre des chorales de la circonscription à l’auditorium de l’Aspirateur, à Narbonne")
    event(room, reach="school", title="Classe verte", on=date(2027, 3, 1), ends_on=date(2027, 3, 3))
    event(factories.next_class(room), title="Voile")
    answer = read(browser_of, address_of(sophie))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=900"
    found = lines_of(answer)
    assert "DTSTART:20261124T080000Z" in found and "DTEND:20261124T093000Z" in found
    assert "DTSTART;VALUE=DATE:20270301" in found and "DTEND;VALUE=DATE:20270304" in found
    assert "SUMMARY:Voile" not in found
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_the_same_thing_keeps_its_name_from_one_reading_to_the_next(room, sophie, browser_of):
    event(room, title="Chorale", repeats="weekly", until=date(2026, 12, 15))
    address = address_of(sophie)
    names = [[line for line in lines_of(read(browser_of, address)) if line.startswith("UID:")] for _turn in range(2)]
    assert names[0] == names[1] and len(set(names[0])) == 4


def test_the_address_tells_first_names_and_no_family_name(room, sophie, browser_of):
    tom = factories.next_class(room).pupils["Noé"]
    Guardianship.objects.create(pupil=tom, guardian=room.guardians["Sophie"].person)
    event(room)
    body = read(browser_of, address_of(sophie)).content.decode()
    assert "SUMMARY:Inès · Piscine" in body
    assert "Ferrer" not in body and "Cabanel" not in body


def test_a_teacher_who_is_a_parent_reads_both_by_one_address(room, teacher, browser_of):
    other = factories.next_class(room)
    Guardianship.objects.create(pupil=other.pupils["Inès"], guardian=room.teacher.person)
    event(room, title="Piscine")
    event(other, title="Voile")
    body = read(browser_of, address_of(teacher)).content.decode()
    assert "Piscine" in body and "Voile" in body


def test_a_private_address_is_kept_as_a_digest_and_dies_when_revoked_or_made_anew(room, sophie, browser_of):
    first = address_of(sophie)
    token = first.rsplit("/", 2)[1]
    assert Feed.objects.get().digest == services.digest_of(token) != token
    second = address_of(sophie)
    assert read(browser_of, first).status_code == 404
    assert read(browser_of, second).status_code == 200
    sophie.post("/agenda/lien/", {"revoquer": "1"})
    assert read(browser_of, second).status_code == 404


def test_the_address_is_shown_once_and_kept_by_no_browser(room, sophie):
    address = address_of(sophie)
    page = sophie.get("/agenda/lien/")
    assert address not in page.content.decode() and page["Cache-Control"] == "no-store"


def test_what_one_no_longer_sees_leaves_the_address_at_once(room, sophie, browser_of):
    event(room)
    address = address_of(sophie)
    assert "Piscine" in read(browser_of, address).content.decode()
    Enrollment.objects.filter(pupil=room.pupils["Inès"]).update(ends_on=date(2026, 11, 23))
    assert "Piscine" not in read(browser_of, address).content.decode()


def test_a_closed_account_has_no_address(room, sophie, browser_of):
    address = address_of(sophie)
    user = room.guardians["Sophie"]
    user.is_active = False
    user.save()
    assert read(browser_of, address).status_code == 404


def test_an_address_read_without_end_is_asked_to_wait(room, sophie, browser_of, monkeypatch):
    monkeypatch.setattr("tenant_apps.agenda.views.dates.READINGS", 2)
    address = address_of(sophie)
    cache.clear()
    codes = [read(browser_of, address).status_code for _turn in range(3)]
    assert codes == [200, 200, 429]


# --- what it costs


@pytest.mark.parametrize("address", [AGENDA, f"{AGENDA}?vue=mois", "/agenda/imprimer/"])
@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_the_agenda_asks_as_much_for_many_dates_as_for_few(room, sophie, teacher, address, who):
    client = sophie if who == "guardian" else teacher
    event(room, repeats="weekly", until=date(2026, 12, 15))
    client.get(address)
    few = count(client, address)
    for number in range(8):
        event(room, title=f"Date {number}", repeats="weekly", until=date(2026, 12, 15))
        event(room, reach="school", title=f"École {number}")
    assert count(client, address) == few <= 12


def count(client, address) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    # A process reads the hosts anew now and then, whoever asks.
    return sum("tenants_domain" not in query["sql"] for query in asked)
