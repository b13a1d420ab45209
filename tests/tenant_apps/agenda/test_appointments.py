"""Appointments: a teacher opens slots, guardians book and cancel, siblings one after the other."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import registry
from core.errors import DomainError
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.agenda import appointments
from tenant_apps.agenda.models import AppointmentSlot, Booking
from tenant_apps.people.models import Guardianship
from tests.support.pages import said
from tests.tenant_apps.agenda.test_agenda import count
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
PAGE = "/agenda/rendez-vous/"
THURSDAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


def opened(room, *, begins_at=time(17), ends_at=time(17, 30), minutes=10, **more):
    facts = {"school_class": room.school_class, "day": THURSDAY, "begins_at": begins_at, "ends_at": ends_at}
    return appointments.open_slots(actor=room.teacher, **facts, minutes=minutes, **more)


def choice(slot, pupil) -> str:
    return f"{slot.pk}:{pupil.pk}"


def taken(room, slot, child="Inès", adult="Sophie") -> Booking:
    return appointments.book(actor=room.guardians[adult], wanted=[(slot, room.pupils[child])])[0]


def test_a_teacher_opens_a_stretch_and_it_is_cut_into_slots(room, teacher):
    form = {"school_class": room.school_class.pk, "day": "2026-11-26", "begins_at": "17:00", "ends_at": "18:00"}
    assert teacher.post(f"{PAGE}ouvrir/", form | {"minutes": "15", "place": "Salle 3"}).status_code == 302
    assert AppointmentSlot.objects.count() == 4
    assert "17 h 45" in said(teacher.get(PAGE))


def test_the_families_of_the_class_are_told_once_that_slots_are_open(room):
    factories.next_class(room)
    opened(room)
    opened(room, begins_at=time(18), ends_at=time(18, 30))
    titles = Notification.objects.order_by().values_list("user__first_name", "title")
    told = "Inès · Rendez-vous à prendre : Claire Vidal reçoit jeudi 26 novembre"
    assert ("Sophie", told) in titles and len(titles) == 5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"begins_at": "18:00", "ends_at": "17:00"}, "Ces heures ne tiennent pas"),
        ({"day": "2026-11-20"}, "Ce moment est déjà passé."),
        ({"ends_at": "23:59", "begins_at": "08:00"}, "Ces heures ne tiennent pas"),
        ({"begins_at": "17:20"}, "Vous recevez déjà à ces heures-là."),
        ({"video_url": "http://example.org/salle"}, "Ce lien doit commencer par https://"),
    ],
    ids=["order", "past", "too many", "overlap", "clear link"],
)
def test_slots_that_cannot_be_are_told_in_words(room, teacher, wrong, words):
    opened(room)
    form = {"school_class": room.school_class.pk, "day": "2026-11-26", "begins_at": "18:00", "ends_at": "19:00"}
    answer = teacher.post(f"{PAGE}ouvrir/", form | {"minutes": "10"} | wrong)
    assert answer.status_code == 422 and words in said(answer)
    assert AppointmentSlot.objects.count() == 3


def test_a_guardian_books_the_teacher_knows_and_the_agenda_shows_it(room, sophie, teacher):
    slot = opened(room, place="Salle 3")[1]
    sophie.post(f"{PAGE}prendre/", {"choix": choice(slot, room.pupils["Inès"])})
    assert Booking.objects.get().guardian == room.guardians["Sophie"]
    assert "Inès Ferrer" in said(teacher.get(PAGE))
    assert Notification.objects.get(user=room.teacher).title.startswith("Inès · Rendez-vous pris : jeudi 26 novembre")
    page = said(sophie.get("/agenda/"))
    assert "Rendez-vous avec Claire Vidal" in page and "17 h 10 – 17 h 20" in page and "Salle 3" in page
    assert "famille de Inès" in said(teacher.get("/agenda/"))


def test_a_slot_taken_meanwhile_is_told_and_stays_with_the_first(room, sophie, karim):
    slot = opened(room)[0]
    karim.post(f"{PAGE}prendre/", {"choix": choice(slot, room.pupils["Inès"])})
    answer = sophie.post(f"{PAGE}prendre/", {"choix": choice(slot, room.pupils["Inès"])}, follow=True)
    assert "Ce créneau vient d’être pris." in said(answer)
    assert Booking.objects.get().guardian == room.guardians["Karim"]


def test_at_the_same_second_the_database_keeps_one(room, monkeypatch):
    """Both saw the slot free: what decides is the constraint, told in the same words."""
    slot = opened(room)[0]
    taken(room, slot, adult="Karim")
    everything = AppointmentSlot.objects.all()
    monkeypatch.setattr("tenant_apps.agenda.querysets.SlotQuerySet.free", lambda rows: everything)
    with pytest.raises(DomainError, match="vient d’être pris"):
        taken(room, slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(slot=slot, guardian=room.guardians["Sophie"], pupil=room.pupils["Inès"])


def test_one_books_for_one_s_own_children_in_their_class_only(room, sophie):
    slot = opened(room)[0]
    other = factories.next_class(room)
    elsewhere = AppointmentSlot.objects.create(
        host=other.teacher, school_class=other.school_class, starts_at=slot.starts_at, ends_at=slot.ends_at
    )
    for wrong in (choice(slot, room.pupils["Noé"]), choice(elsewhere, room.pupils["Inès"]), "a:b", "a", f"{slot.pk}:"):
        assert sophie.post(f"{PAGE}prendre/", {"choix": wrong}).status_code == 302
    with pytest.raises(appointments.PermissionDenied):
        appointments.book(actor=room.guardians["Sophie"], wanted=[(elsewhere, room.pupils["Inès"])])
    assert not Booking.objects.exists()


def test_nobody_holds_two_slots_of_a_teacher_for_a_child(room, sophie):
    first, second, _third = opened(room)
    assert "Un moment pour Inès" in said(sophie.get(PAGE))
    taken(room, first)
    assert "Un moment pour Inès" not in said(sophie.get(PAGE))
    answer = sophie.post(f"{PAGE}prendre/", {"choix": choice(second, room.pupils["Inès"])}, follow=True)
    assert "Annulez-le pour en changer." in said(answer)


def test_for_brothers_and_sisters_slots_that_follow_are_proposed_and_booked_together(room, sophie):
    other = factories.next_class(room)
    tom = other.pupils["Noé"]
    Guardianship.objects.create(pupil=tom, guardian=room.guardians["Sophie"].person)
    first = opened(room, ends_at=time(17, 10))[0]
    facts = {"school_class": other.school_class, "day": THURSDAY, "minutes": 10}
    late = appointments.open_slots(actor=other.teacher, begins_at=time(18), ends_at=time(18, 10), **facts)
    assert "L’un après l’autre" not in said(sophie.get(PAGE))  # one would wait fifty minutes
    near = appointments.open_slots(actor=other.teacher, begins_at=time(17, 15), ends_at=time(17, 25), **facts)
    assert "L’un après l’autre" in said(sophie.get(PAGE))
    both = f"{choice(first, room.pupils['Inès'])},{choice(near[0], tom)}"
    assert both in sophie.get(PAGE).content.decode()
    sophie.post(f"{PAGE}prendre/", {"choix": both})
    assert set(Booking.objects.values_list("slot", flat=True)) == {first.pk, near[0].pk} != {late[0].pk}


def test_two_slots_are_booked_both_or_neither(room, sophie):
    first, second, _third = opened(room)
    taken(room, second, adult="Karim")
    both = f"{choice(first, room.pupils['Inès'])},{choice(second, room.pupils['Inès'])}"
    sophie.post(f"{PAGE}prendre/", {"choix": both})
    assert Booking.objects.count() == 1


def test_a_guardian_cancels_with_a_word_and_the_slot_is_free_again(room, sophie, teacher):
    slot = opened(room)[0]
    booking = taken(room, slot)
    sophie.post(f"{PAGE}{booking.pk}/annuler/", {"word": "Je suis retenue au travail.", "sure": "1"})
    assert "« Je suis retenue au travail. »" in said(teacher.get(PAGE))
    told = Notification.objects.filter(user=room.teacher).order_by("-created_at", "-pk").values_list("title", flat=True)
    assert any("annulé" in title and "retenue" not in title for title in told)
    assert taken(room, slot, adult="Karim").pk != booking.pk


def test_a_teacher_cancels_with_a_word_and_the_slot_is_closed(room, sophie, teacher):
    slot = opened(room, ends_at=time(17, 10))[0]
    booking = taken(room, slot)
    teacher.post(f"{PAGE}{booking.pk}/annuler/", {"word": "Formation ce jour-là.", "sure": "1"})
    page = said(sophie.get(PAGE))
    assert "« Formation ce jour-là. »" in page and "Un moment pour" not in page


def test_what_is_past_or_cancelled_is_not_cancelled_again(room):
    booking = taken(room, opened(room)[0])
    evening = datetime(2026, 11, 26, 18, 0, tzinfo=timezone.get_default_timezone())
    with time_machine.travel(evening, tick=False), pytest.raises(DomainError):
        appointments.cancel(actor=room.teacher, booking=booking)
    appointments.cancel(actor=room.teacher, booking=booking)
    with pytest.raises(DomainError):
        appointments.cancel(actor=room.guardians["Sophie"], booking=booking)


def test_a_free_slot_is_withdrawn_and_a_taken_one_is_not(room, teacher):
    free, held, _third = opened(room)
    taken(room, held)
    for slot in (free, held):
        teacher.post(f"{PAGE}{slot.pk}/retirer/")
    assert set(AppointmentSlot.objects.filter(closed_at=None)) == {held, _third}


def test_the_reminder_waits_for_the_day_before_and_says_nothing_of_what_was_cancelled(room):
    booking = taken(room, opened(room)[0])
    entry = OutboxEntry.objects.get(kind=appointments.REMINDER)
    assert timezone.localtime(entry.not_before) == datetime(2026, 11, 25, 8, tzinfo=timezone.get_default_timezone())
    remind = registry.outbox_handlers[appointments.REMINDER]
    remind(entry.payload)
    remind(entry.payload)
    told = Notification.objects.filter(user=room.guardians["Sophie"], key__endswith=":reminded")
    assert [one.title[:27] for one in told] == ["Inès · Rendez-vous demain :"]
    told.delete()
    appointments.cancel(actor=room.guardians["Sophie"], booking=booking)
    remind(entry.payload)
    assert not told.all().exists()


def test_the_other_parent_does_not_read_an_appointment(room, karim):
    booking = taken(room, opened(room)[0])
    assert karim.get(f"{PAGE}{booking.pk}/annuler/").status_code == 404
    assert "Vos rendez-vous" not in said(karim.get(PAGE))


@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_appointments_ask_as_much_for_many_slots_as_for_few(room, sophie, teacher, who):
    client = sophie if who == "guardian" else teacher
    taken(room, opened(room)[0])
    client.get(PAGE)
    few = count(client, PAGE)
    for number, slot in enumerate(opened(room, begins_at=time(18), ends_at=time(20))):
        if number % 3 == 0:
            Booking.objects.create(slot=slot, guardian=room.guardians["Sophie"], pupil=room.pupils["Inès"])
    assert count(client, PAGE) == few <= 12
