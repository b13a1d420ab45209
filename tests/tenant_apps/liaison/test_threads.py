"""What a family says about a note and what the school answers: one exchange a child, through the emergency gate."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import registry
from core.registry import Erased
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import threads, works
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.people.models import Guardianship
from tenants import stops
from tests.support.pages import said
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
WORDS = "Inès sera en retard ce jour-là."
ANSWER = "C’est noté, merci."


def page(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def slot_of(room, note, child: str, adult: str) -> Slot:
    mine = {"subject_id": room.pupils[child].pk, "signer_id": room.guardians[adult].person.pk}
    return Slot.objects.get(request__object_id=note.pk, **mine)


def write(browser, slot: Slot, body: str = WORDS, note=None):
    where = page("reply", slot.request.object_id, slot.pk)
    return browser.post(where, {f"r{slot.pk.hex[-8:]}-body": body})


def answer(browser, note, pupil, body: str = ANSWER):
    return browser.post(page("thread", note.pk, pupil.pk), {"body": body})


@pytest.fixture
def note(room):
    return factories.note(room, published=True)


@pytest.fixture
def written(room, note, sophie):
    """Sophie wrote about Inès, and it has left."""
    write(sophie, slot_of(room, note, "Inès", "Sophie"))
    outbox.deliver_due()
    return note


def told(room, name: str) -> list[str]:
    return list(Notification.objects.filter(user=room.guardians[name]).values_list("kind", flat=True))


def test_a_family_writes_and_the_school_answers(room, written, teacher, sophie):
    ines = room.pupils["Inès"]
    assert "1 message échangé" in said(teacher.get(page("follow", written.pk)))
    assert WORDS in said(teacher.get(page("thread", written.pk, ines.pk)))
    answer(teacher, written, ines)
    outbox.deliver_due()
    assert ANSWER in said(sophie.get(written.get_absolute_url()))


def test_each_guardian_with_the_authority_reads_it_and_no_other_family_does(room, written, teacher, karim, browser_of):
    answer(teacher, written, room.pupils["Inès"])
    outbox.deliver_due()
    shown = said(karim.get(written.get_absolute_url()))
    assert WORDS in shown
    assert ANSWER in shown
    laure = browser_of(HOST, room.guardians["Laure"])
    assert WORDS not in said(laure.get(written.get_absolute_url()))
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    assert not Reply.objects.visible_to(room.guardians["Karim"]).exists()


def test_each_reader_is_told_without_the_words(room, written, teacher):
    of_the_teacher = Notification.objects.get(user=room.teacher, kind="liaison.reply")
    assert of_the_teacher.title == "Inès · Sa famille vous a écrit : Sortie au musée Narbo Via"
    assert of_the_teacher.url == page("thread", written.pk, room.pupils["Inès"].pk)
    assert not Notification.objects.filter(user=room.head, kind="liaison.reply").exists()
    answer(teacher, written, room.pupils["Inès"])
    outbox.deliver_due()
    for name in ("Sophie", "Karim"):
        assert "liaison.answered" in told(room, name)
    assert "liaison.answered" not in told(room, "Laure")
    assert not Notification.objects.filter(title__contains="retard").exists()


def test_what_is_written_waits_at_the_gate_and_leaves_when_it_opens(room, note, sophie, teacher, monkeypatch):
    monkeypatch.setattr(stops, "_is_stopped", lambda sent, _stops: "guardian" in sent.parties)
    write(sophie, slot_of(room, note, "Inès", "Sophie"))
    outbox.deliver_due()
    assert "Pas encore parti" in said(sophie.get(note.get_absolute_url()))
    assert WORDS not in said(teacher.get(page("thread", note.pk, room.pupils["Inès"].pk)))
    assert not Notification.objects.filter(kind="liaison.reply").exists()
    monkeypatch.undo()
    OutboxEntry.objects.filter(kind=threads.DELIVER).update(not_before=timezone.now())
    outbox.deliver_due()
    assert WORDS in said(teacher.get(page("thread", note.pk, room.pupils["Inès"].pk)))


def test_it_says_whose_words_they_are_to_the_switches(room, note, sophie):
    write(sophie, slot_of(room, note, "Inès", "Sophie"))
    entry = OutboxEntry.objects.get(kind=threads.DELIVER)
    assert entry.payload["sent"] == {"parties": ["guardian"], "schools": [room.school.uai], "is_notice": False}
    assert threads.DELIVER in stops.SENDS


def test_what_is_delivered_twice_is_told_once(room, written):
    entry = OutboxEntry.objects.get(kind=threads.DELIVER)
    registry.outbox_handlers[threads.DELIVER](entry.payload)
    assert Notification.objects.filter(kind="liaison.reply").count() == 1


def test_two_clicks_say_it_once(room, note, sophie):
    for _click in range(2):
        write(sophie, slot_of(room, note, "Inès", "Sophie"))
    assert Reply.objects.count() == 1


def test_a_note_that_takes_no_reply_has_no_box_and_refuses_one(room, sophie):
    closed = factories.note(room, published=True, allows_reply=False)
    assert "Écrire à l’école" not in said(sophie.get(closed.get_absolute_url()))
    assert write(sophie, slot_of(room, closed, "Inès", "Sophie")).status_code == 403
    assert not Reply.objects.exists()


def test_what_is_written_with_a_signature_joins_the_exchange(room, teacher, sophie):
    note = factories.consent(room)
    slot = slot_of(room, note, "Inès", "Sophie")
    prefix = slot.pk.hex[-8:]
    sophie.post(page("sign", note.pk, slot.pk), {f"{prefix}-answer": "yes", f"{prefix}-comment": WORDS})
    outbox.deliver_due()
    slot.refresh_from_db()
    assert slot.is_signed
    assert WORDS in said(teacher.get(page("thread", note.pk, room.pupils["Inès"].pk)))


def test_new_words_are_marked_until_they_are_read(room, written, teacher, sophie):
    assert "Nouveau message" in said(teacher.get(page("notes")))
    assert "Nouveau" in said(teacher.get(page("follow", written.pk) + "?voir=echanges"))
    teacher.get(page("thread", written.pk, room.pupils["Inès"].pk))
    assert "Nouveau message" not in said(teacher.get(page("notes")))
    assert "Nouveau message" not in said(sophie.get(page("notes")))
    answer(teacher, written, room.pupils["Inès"])
    outbox.deliver_due()
    assert "Nouveau message" in said(sophie.get(page("notes")))
    sophie.get(written.get_absolute_url())
    assert "Nouveau message" not in said(sophie.get(page("notes")))


def test_the_school_answers_and_does_not_begin(room, note, teacher):
    assert "Cette famille n’a rien écrit" in said(answer(teacher, note, room.pupils["Noé"]))
    assert not Reply.objects.exists()


def test_the_head_reads_and_a_teacher_of_another_class_does_not(room, written, head, browser_of):
    ines = room.pupils["Inès"]
    assert WORDS in said(head.get(page("thread", written.pk, ines.pk)))
    other = factories.next_class(room)
    assert browser_of(HOST, other.teacher).get(page("thread", written.pk, ines.pk)).status_code == 404


def test_an_adult_writes_twenty_times_a_day_at_most(room, note, sophie):
    slot = slot_of(room, note, "Inès", "Sophie")
    for n in range(threads.MOST_A_DAY):
        threads.reply(actor=room.guardians["Sophie"], note=note, pupil=room.pupils["Inès"], body=f"Mot {n}")
    refused = write(sophie, slot)
    assert "réessayez demain" in said(refused)
    assert WORDS in refused.content.decode()
    Reply.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert write(sophie, slot).status_code == 302


def test_it_goes_with_who_wrote_it_and_with_the_child(room, written, teacher):
    ines, sophie = room.pupils["Inès"], room.guardians["Sophie"]
    answer(teacher, written, ines)
    assert works.personal_data(sophie.person.pk)["echanges_sur_les_mots"][0]["body"] == WORDS
    works.erase(Erased(persons=frozenset(), pupils=frozenset(), accounts=frozenset({sophie.pk})))
    assert list(Reply.objects.values_list("body", flat=True)) == [ANSWER]
    works.erase(Erased(persons=frozenset(), pupils=frozenset({ines.pk}), accounts=frozenset()))
    assert not Reply.objects.exists()
    assert LiaisonNote.objects.filter(pk=written.pk).exists()


@pytest.mark.parametrize("name", ["note", "thread", "follow", "notes"])
def test_pages_cost_the_same_with_more_said(room, written, teacher, sophie, name, django_assert_max_num_queries):
    for n in range(5):
        threads.reply(actor=room.guardians["Laure"], note=written, pupil=room.pupils["Noé"], body=f"Mot {n}")
        threads.reply(actor=room.guardians["Sophie"], note=written, pupil=room.pupils["Inès"], body=f"Mot {n}")
        threads.answer(actor=room.teacher, note=written, pupil=room.pupils["Inès"], body=f"Réponse {n}")
    outbox.deliver_due()
    browser = sophie if name == "note" else teacher
    args = {"notes": [], "thread": [written.pk, room.pupils["Inès"].pk]}.get(name, [written.pk])
    browser.get(page(name, *args))
    with django_assert_max_num_queries(14):
        assert re.search("Sortie|mots", said(browser.get(page(name, *args))))
