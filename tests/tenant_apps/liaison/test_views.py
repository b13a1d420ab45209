"""The notebook through its pages, as a teacher, a head and guardians use it."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import in_schema
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification, OutboxEntry
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import notifications, services
from tenant_apps.liaison.models import LiaisonNote
from tenant_apps.people.models import Guardianship, StaffAssignment
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
TYPED = {"title": "Musée", "category": "outing", "body": "Bonjour", "answer": "consent"}


def page(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def slot_of(room, note, child: str, adult: str) -> Slot:
    return Slot.objects.get(
        request__object_id=note.pk,
        subject_id=room.pupils[child].pk,
        signer_id=room.guardians[adult].person.pk,
    )


def sign(browser, note, slot, answer: str = "yes"):
    prefix = slot.pk.hex[-8:]
    return browser.post(page("sign", note.pk, slot.pk), {f"{prefix}-answer": answer})


def test_a_teacher_sees_whom_a_note_reaches_before_sending_it(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    due = timezone.localdate() + timedelta(days=5)
    typed = {
        "classes": [room.school_class.pk],
        "title": "Musée",
        "category": "outing",
        "body": "Bonjour",
        "answer": "consent",
    }
    answer = browser.post(page("write"), typed | {"due_on": due.isoformat()})
    note = LiaisonNote.objects.get()
    assert answer.url == page("publish", note.pk)
    shown = text(browser.get(answer.url))
    assert "3 enfants" in shown
    assert "5 parents" in shown
    assert note.is_draft
    browser.post(answer.url)
    note.refresh_from_db()
    assert note.is_published
    assert Slot.objects.count() == 5


def test_a_note_that_asks_an_answer_says_before_when(room, browser_of):
    typed = {
        "classes": [room.school_class.pk],
        "title": "Musée",
        "category": "outing",
        "body": "Bonjour",
        "answer": "consent",
    }
    shown = browser_of(HOST, room.teacher).post(page("write"), typed)
    assert "Dites avant quand" in text(shown)
    assert not LiaisonNote.objects.exists()


def test_a_teacher_writes_to_their_classes_only(room, browser_of):
    other = factories.classroom(uai="0110358E", prefix="autre-")
    typed = {
        "classes": [other.school_class.pk],
        "title": "Musée",
        "category": "outing",
        "body": "Bonjour",
        "answer": "none",
    }
    browser_of(HOST, room.teacher).post(page("write"), typed)
    assert not LiaisonNote.objects.exists()


def test_a_guardian_reads_then_signs_and_is_shown_the_proof(room, browser_of):
    note = factories.consent(room)
    browser = browser_of(HOST, room.guardians["Sophie"])
    shown = text(browser.get(note.get_absolute_url()))
    assert "Votre réponse pour Inès" in shown
    assert "checked" not in shown
    slot = slot_of(room, note, "Inès", "Sophie")
    assert slot.read_at is not None
    assert slot.signed_at is None
    answer = sign(browser, note, slot)
    assert answer.url == page("signed", note.pk, slot.pk)
    assert "C’est signé" in text(browser.get(answer.url))
    slot.refresh_from_db()
    assert slot.answer == "yes"
    assert slot.signed_by == room.guardians["Sophie"]


def test_a_consent_without_a_choice_is_not_signed(room, browser_of):
    note = factories.consent(room)
    slot = slot_of(room, note, "Inès", "Sophie")
    shown = sign(browser_of(HOST, room.guardians["Sophie"]), note, slot, answer="")
    assert shown.status_code == 422
    assert "Choisissez une réponse" in text(shown)
    slot.refresh_from_db()
    assert slot.signed_at is None


def test_nobody_signs_in_the_place_of_another(room, browser_of):
    note = factories.consent(room)
    answer = sign(browser_of(HOST, room.guardians["Laure"]), note, slot_of(room, note, "Inès", "Sophie"))
    assert answer.status_code == 403
    assert not Slot.objects.filter(signed_at__isnull=False).exists()


def test_a_guardian_of_another_class_does_not_find_the_note(room, browser_of):
    note = factories.consent(room)
    other = factories.classroom(uai="0110358E", prefix="autre-")
    assert browser_of(HOST, other.guardians["Sophie"]).get(note.get_absolute_url()).status_code == 404


def test_an_adult_who_loses_the_parental_authority_loses_the_note_at_once(room, browser_of):
    note = factories.consent(room)
    browser = browser_of(HOST, room.guardians["Karim"])
    assert browser.get(note.get_absolute_url()).status_code == 200
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    assert browser.get(note.get_absolute_url()).status_code == 404


def test_a_draft_is_its_authors_alone(room, browser_of):
    note = factories.note(room)
    assert browser_of(HOST, room.head).get(page("publish", note.pk)).status_code == 404
    assert browser_of(HOST, room.guardians["Sophie"]).get(note.get_absolute_url()).status_code == 404


def test_one_signature_suffices_unless_each_must_sign(room, browser_of):
    for each, left in ((False, 2), (True, 3)):
        note = factories.consent(room, needs_each_guardian=each)
        sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
        shown = browser_of(HOST, room.teacher).get(page("follow", note.pk))
        assert len(shown.context["rows"]) == left


def test_the_follow_up_shows_how_far_each_family_has_come(room, browser_of):
    note = factories.consent(room)
    browser_of(HOST, room.guardians["Laure"]).get(note.get_absolute_url())
    sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
    shown = text(browser_of(HOST, room.head).get(page("follow", note.pk) + "?voir=tous"))
    for words in ("Signé", "Lu, pas signé", "Pas lu"):
        assert words in shown


def test_a_paper_coupon_is_recorded_with_its_answer(room, browser_of):
    note = factories.consent(room)
    browser = browser_of(HOST, room.teacher)
    browser.post(page("paper", note.pk, room.pupils["Aya"].pk), {"answer": "no"})
    slot = slot_of(room, note, "Aya", "Samia")
    assert slot.is_paper
    assert slot.answer == "no"


def test_families_are_reminded_once_a_day_and_only_those_who_did_not_answer(room, browser_of):
    note = factories.consent(room)
    sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
    browser = browser_of(HOST, room.teacher)
    browser.post(page("remind", note.pk))
    reminded = set(Slot.objects.filter(reminded_at__isnull=False).values_list("subject_id", flat=True))
    assert reminded == {room.pupils["Noé"].pk, room.pupils["Aya"].pk}
    before = Slot.objects.order_by("pk").values_list("pk", "reminded_at")
    state = list(before)
    browser.post(page("remind", note.pk))
    assert list(before.all()) == state


def test_an_archived_note_stays_readable_and_is_not_signed_any_more(room, browser_of):
    note = factories.consent(room)
    browser_of(HOST, room.teacher).post(page("archive", note.pk))
    browser = browser_of(HOST, room.guardians["Sophie"])
    assert browser.get(note.get_absolute_url()).status_code == 200
    assert sign(browser, note, slot_of(room, note, "Inès", "Sophie")).status_code == 403


def test_the_coupons_are_for_those_who_did_not_answer(room, browser_of):
    note = factories.consent(room)
    sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
    shown = text(browser_of(HOST, room.teacher).get(page("coupons", note.pk)))
    assert "Noé Cabanel" in shown
    assert "Inès Ferrer" not in shown


def test_a_guardian_of_two_reads_for_whom_each_note_is(room, browser_of, django_assert_max_num_queries):
    Guardianship.objects.create(pupil=room.pupils["Noé"], guardian=room.guardians["Sophie"].person)
    for _n in range(3):
        factories.consent(room)
    sophie, laure = browser_of(HOST, room.guardians["Sophie"]), browser_of(HOST, room.guardians["Laure"])
    assert text(sophie.get(page("notes"))).count("Inès et Noé · Claire Vidal") == 3
    shown = text(laure.get(page("notes")))
    assert "Noé · Claire Vidal" in shown and "Inès" not in shown
    with django_assert_max_num_queries(12):
        sophie.get(page("notes"))


@pytest.mark.parametrize("name", ["notes", "follow"])
def test_pages_cost_the_same_with_more_children(room, browser_of, name, django_assert_max_num_queries):
    factories.consent(room)
    for n in range(10):
        factories.add_family(room, f"Enfant{n}", "Fabre", ["Aurélie"], prefix=f"plus{n}-")
    busy = factories.consent(room)
    browser = browser_of(HOST, room.teacher)
    where = page(name, busy.pk) if name == "follow" else page(name)
    browser.get(where)
    with django_assert_max_num_queries(13):
        browser.get(where)


@pytest.mark.parametrize("name", ["note", "follow", "report", "publish", "change", "coupons"])
def test_a_note_of_narbonne_does_not_exist_at_lezignan(room, lezignan, browser_of, name):
    note = factories.consent(room)
    with in_schema(lezignan.schema_name):
        elsewhere = factories.classroom()
    browser = browser_of("lezignan-corbieres.localhost", elsewhere.teacher)
    assert browser.get(page(name, note.pk)).status_code == 404


def test_where_each_must_sign_a_paper_stands_for_one_adult_only(room, browser_of):
    note = factories.consent(room, needs_each_guardian=True)
    browser = browser_of(HOST, room.teacher)
    where = page("paper", note.pk, room.pupils["Noé"].pk)
    assert "Papier de Éric Cabanel" in text(browser.get(page("follow", note.pk)))
    browser.post(where, {"answer": "yes"})
    browser.post(where, {"answer": "yes", "adult": room.guardians["Sophie"].person.pk})
    assert not Slot.objects.filter(signed_at__isnull=False).exists()
    browser.post(where, {"answer": "yes", "adult": room.guardians["Éric"].person.pk})
    assert slot_of(room, note, "Noé", "Éric").signed_by == room.teacher
    assert not slot_of(room, note, "Noé", "Laure").is_signed


def planned(note):
    return OutboxEntry.objects.filter(kind=notifications.REMINDER, payload__note=str(note.pk))


def test_two_days_before_the_date_those_who_did_not_answer_are_reminded_once(room, browser_of):
    note = factories.consent(room)
    sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
    entry = planned(note).get()
    assert timezone.localtime(entry.not_before).date() == note.due_on - timedelta(days=2)
    for _time in range(2):
        services.remind_before_due(entry.payload)
    reminded = Slot.objects.filter(reminded_at__isnull=False)
    assert set(reminded.values_list("subject_id", flat=True)) == {room.pupils["Noé"].pk, room.pupils["Aya"].pk}
    assert Entry.objects.filter(action="liaison.note_reminded").count() == 1


def test_a_note_due_tomorrow_has_no_reminder_planned(room):
    note = factories.note(room, published=True, answer="signature", due_on=timezone.localdate() + timedelta(days=1))
    assert not planned(note).exists()


@pytest.mark.parametrize("is_past", [False, True], ids=["put_away", "past"])
def test_nobody_is_reminded_of_a_note_put_away_or_past(room, is_past):
    note = factories.consent(room)
    change = {"due_on": timezone.localdate() - timedelta(days=1)} if is_past else {"status": "archived"}
    LiaisonNote.objects.filter(pk=note.pk).update(**change)
    services.remind_before_due(planned(note).get().payload)
    assert not Slot.objects.filter(reminded_at__isnull=False).exists()


def test_the_follow_up_is_taken_away_as_a_spreadsheet(room, browser_of):
    note = factories.consent(room)
    sign(browser_of(HOST, room.guardians["Sophie"]), note, slot_of(room, note, "Inès", "Sophie"))
    answer = browser_of(HOST, room.teacher).get(page("report", note.pk))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        rows = archive.read("content.xml").decode().split("</table:table-row>")
    signed = next(row for row in rows if "Sophie Ferrer" in row)
    assert "J’autorise" in signed
    assert "Signé" in signed
    assert "Pas lu" in next(row for row in rows if "Laure Cabanel" in row)


def test_the_author_chooses_how_long_before_the_date_families_are_reminded(room, browser_of):
    due = timezone.localdate() + timedelta(days=20)
    typed = TYPED | {"classes": [room.school_class.pk], "due_on": due.isoformat()}
    for days in (7, 0):
        answer = browser_of(HOST, room.teacher).post(page("write"), typed | {"reminded_before": days})
        browser_of(HOST, room.teacher).post(answer.url)
    weekly, never = LiaisonNote.objects.order_by("-reminded_before")
    assert timezone.localtime(planned(weekly).get().not_before).date() == due - timedelta(days=7)
    assert not planned(never).exists()


def test_who_recorded_a_paper_is_said_on_the_page_and_in_the_spreadsheet(room, browser_of):
    note = factories.consent(room)
    browser = browser_of(HOST, room.head)
    browser.post(page("paper", note.pk, room.pupils["Aya"].pk), {"answer": "no"})
    assert "Papier enregistré par Martine Calas" in text(browser.get(page("follow", note.pk) + "?voir=tous"))
    answer = browser.get(page("report", note.pk))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        rows = archive.read("content.xml").decode().split("</table:table-row>")
    assert "Martine Calas" in next(row for row in rows if "Samia Khelifi" in row)
    assert "Martine Calas" not in next(row for row in rows if "Laure Cabanel" in row)


def test_a_withdrawn_note_says_why_and_is_not_signed_any_more(room, browser_of):
    note = factories.consent(room)
    slot = slot_of(room, note, "Inès", "Sophie")
    sign(browser_of(HOST, room.guardians["Laure"]), note, slot_of(room, note, "Noé", "Laure"))
    browser_of(HOST, room.teacher).post(page("withdraw", note.pk), {"withdrawn_for": "La sortie est annulée."})
    browser = browser_of(HOST, room.guardians["Sophie"])
    shown = text(browser.get(note.get_absolute_url()))
    assert "La sortie est annulée." in shown
    assert "Votre réponse" not in shown
    assert "C’est signé." in text(browser_of(HOST, room.guardians["Laure"]).get(note.get_absolute_url()))
    assert sign(browser, note, slot).status_code == 403
    told = Notification.objects.filter(key__endswith=":withdrawn")
    assert told.count() == 5
    assert "Inès · Mot retiré : Sortie au musée Narbo Via" in told.values_list("title", flat=True)
    assert not planned_to_remind(note)


def planned_to_remind(note):
    services.remind_before_due(planned(note).get().payload)
    return Slot.objects.filter(reminded_at__isnull=False).exists()


def test_a_note_is_not_withdrawn_without_a_word(room, browser_of):
    note = factories.consent(room)
    shown = browser_of(HOST, room.teacher).post(page("withdraw", note.pk), {"withdrawn_for": " "})
    assert "Dites aux familles pourquoi" in text(shown)
    note.refresh_from_db()
    assert note.is_published


def test_a_colleague_of_the_class_archives_a_note_and_does_not_withdraw_it(room, browser_of):
    note = factories.consent(room)
    colleague = factories.account("Alain", "Roux")
    StaffAssignment.objects.create(
        person=factories.person("Alain", "Roux", user=colleague),
        role="teacher",
        school=room.school,
        school_class=room.school_class,
        starts_on=timezone.localdate(),
    )
    browser = browser_of(HOST, colleague)
    assert "Retirer ce mot" not in text(browser.get(page("follow", note.pk)))
    assert browser.post(page("withdraw", note.pk), {"withdrawn_for": "Non."}).status_code == 403
    assert browser_of(HOST, room.head).get(page("withdraw", note.pk)).status_code == 200
