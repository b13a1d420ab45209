"""An outing, from its form to the list of the day."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from core.registry import AgendaAsk
from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import Slot
from tenant_apps.outings import agenda, papers, services
from tenant_apps.outings.lists import who_goes
from tenant_apps.outings.models import Companion, Outing
from tenant_apps.people.models import Person
from tests.support.pages import said
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.outings.factories import draft, outing, slot_of

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
OUTINGS = "/sorties/"


def sign(browser, room, row, name, answer):
    slot = slot_of(row, room.guardians[name], room.pupils["Inès"])
    return browser.post(f"{row.get_absolute_url()}signer/{slot.pk}/", {f"{slot.pk.hex[-8:]}-answer": answer})


def going(row) -> list[str]:
    return [line.enrollment.pupil.person.first_name for line in who_goes(row).going]


def test_a_teacher_writes_one_form_and_each_guardian_is_asked_once(room, teacher, sophie):
    day = timezone.localdate() + timedelta(days=9)
    typed = {"school_class": room.school_class.pk, "title": "Narbo Via", "place": "Musée", "day": day}
    typed |= {"leaves_at": "09:00", "comes_back_at": "16:15", "due_on": day, "companions_wanted": 2}
    page = teacher.post(f"{OUTINGS}ecrire/", typed)["Location"]
    assert sophie.get(page).status_code == 404
    teacher.post(f"{page}envoyer/")
    assert "J’autorise mon enfant" in said(sophie.get(page))
    told = Notification.objects.get(kind="outings.to_sign", user=room.guardians["Sophie"])
    assert told.title.startswith("Inès · À signer")


def test_a_child_goes_once_each_guardian_has_signed(room, sophie, karim):
    row = outing(room)
    sign(sophie, room, row, "Sophie", "yes")
    assert going(row) == []
    sign(karim, room, row, "Karim", "yes")
    assert going(row) == ["Inès"]


def test_one_refusal_keeps_the_child_at_school(room, sophie, karim):
    row = outing(room, needs_each_guardian=False)
    sign(sophie, room, row, "Sophie", "yes")
    assert going(row) == ["Inès"]
    sign(karim, room, row, "Karim", "no")
    assert going(row) == []


def test_nobody_signs_for_another_nor_without_an_answer(room, sophie):
    row = outing(room)
    assert sign(sophie, room, row, "Karim", "yes").status_code == 403
    assert sign(sophie, room, row, "Sophie", "").status_code == 422
    assert going(row) == []


def test_an_outing_that_took_place_is_signed_no_more(room, sophie):
    row = outing(room)
    past = timezone.localdate() - timedelta(days=1)
    Outing.objects.update(day=past, due_on=past)
    assert sign(sophie, room, row, "Sophie", "yes").status_code == 403


def test_companions_offer_themselves_while_there_is_a_place(room, sophie, karim):
    row = outing(room, companions_wanted=1)
    offer = f"{row.get_absolute_url()}accompagner/"
    sophie.post(offer, {"act": "oui"})
    karim.post(offer, {"act": "oui"})
    assert [one.account for one in Companion.objects.all()] == [room.guardians["Sophie"]]
    sophie.post(offer, {"act": "non"})
    karim.post(offer, {"act": "oui"})
    assert [one.account for one in Companion.objects.all()] == [room.guardians["Karim"]]


def test_the_list_of_the_day_says_who_goes_who_stays_and_who_comes_along(room, teacher, sophie, karim):
    row = outing(room, needs_each_guardian=False)
    sign(sophie, room, row, "Sophie", "yes")
    karim.post(f"{row.get_absolute_url()}accompagner/", {"act": "oui"})
    page = said(teacher.get(f"{row.get_absolute_url()}appel/"))
    assert "1 enfant participe" in page and "Inès Ferrer" in page and "Karim Ferrer" in page
    assert "Noé Cabanel (pas d’autorisation)" in page


def test_another_class_and_a_draft_are_not_read(room, sophie, browser_of):
    other = factories.next_class(room)
    rows = [outing(other, by=room.head), draft(room)]
    assert [sophie.get(row.get_absolute_url()).status_code for row in rows] == [404, 404]


def test_what_waits_for_a_signature_is_on_the_home_page_until_it_is_signed(room, sophie):
    row = outing(room)
    assert "Narbo Via" in said(sophie.get("/"))
    sign(sophie, room, row, "Sophie", "yes")
    assert "Narbo Via" not in said(sophie.get("/"))


def paper(browser, room, row, answer, name=""):
    adult = {"adult": room.guardians[name].person.pk} if name else {}
    return browser.post(f"{row.get_absolute_url()}papier/{room.pupils['Inès'].pk}/", {"answer": answer, **adult})


def signed(row) -> dict[str, tuple[str, bool]]:
    slots = Slot.objects.filter(request__object_id=row.pk, signed_at__isnull=False)
    people = Person.objects.in_bulk(slots.values_list("signer_id", flat=True))
    return {people[slot.signer_id].first_name: (slot.answer, slot.is_paper) for slot in slots}


def test_a_paper_stands_for_the_adult_who_signed_it_and_no_other(room, teacher, sophie):
    row = outing(room)
    paper(teacher, room, row, "yes")
    assert signed(row) == {}
    paper(teacher, room, row, "yes", "Karim")
    assert signed(row) == {"Karim": ("yes", True)}
    sign(sophie, room, row, "Sophie", "yes")
    assert going(row) == ["Inès"]


def test_where_one_signature_is_enough_one_paper_is(room, teacher):
    row = outing(room, needs_each_guardian=False)
    paper(teacher, room, row, "yes")
    assert going(row) == ["Inès"]


def test_a_paper_is_taken_in_by_the_school_alone_for_a_child_of_the_class(room, teacher, sophie, browser_of):
    row = outing(room, needs_each_guardian=False)
    assert paper(sophie, room, row, "yes").status_code == 403
    elsewhere = factories.next_class(room)
    page = f"{row.get_absolute_url()}papier/{elsewhere.pupils['Inès'].pk}/"
    assert teacher.post(page, {"answer": "yes"}).status_code == 404
    assert browser_of(HOST, room.head).post(page, {"answer": "yes"}).status_code == 403
    assert signed(row) == {}


def test_those_whose_signature_is_missing_are_told_again_once_a_day(room, teacher, sophie):
    row = outing(room, needs_each_guardian=False)
    sign(sophie, room, row, "Sophie", "yes")
    for _turn in range(2):
        teacher.post(f"{row.get_absolute_url()}relancer/")
    told = Notification.objects.filter(key__contains="reminded").values_list("user__first_name", flat=True)
    assert sorted(told) == ["Laure", "Samia", "Éric"]


def test_the_family_of_a_child_who_comes_later_is_asked_with_the_next_reminder(room, teacher, browser_of):
    row = outing(room, needs_each_guardian=False)
    factories.add_family(room, "Zoé", "Martin", ["Paul"])
    assert "Zoé" in [line.enrollment.pupil.person.first_name for line in who_goes(row).missing]
    before = set(Slot.objects.filter(request__object_id=row.pk).exclude(subject_id=room.pupils["Zoé"].pk))
    teacher.post(f"{row.get_absolute_url()}relancer/")
    (asked,) = Slot.objects.filter(request__object_id=row.pk, subject_id=room.pupils["Zoé"].pk)
    notice = Notification.objects.get(user__first_name="Paul")
    assert (asked.signer_id, notice.url) == (room.guardians["Paul"].person.pk, row.get_absolute_url())
    page = f"{row.get_absolute_url()}signer/{asked.pk}/"
    assert (
        browser_of(HOST, room.guardians["Paul"]).post(page, {f"{asked.pk.hex[-8:]}-answer": "yes"}).status_code == 302
    )
    assert going(row) == ["Zoé"]
    after = Slot.objects.filter(request__object_id=row.pk).exclude(subject_id=room.pupils["Zoé"].pk)
    assert set(after) == before  # who signs for the others was fixed when it was sent


def test_the_reminder_leaves_by_itself_two_days_before_and_not_when_called_off(room, teacher):
    row, gone = outing(room), outing(room, title="Gruissan")
    services.withdraw(actor=room.teacher, outing=gone, word="Pas de bus.")
    assert not Notification.objects.filter(key__contains="reminded").exists()
    with travel(timezone.now() + timedelta(days=4)):
        outbox.deliver_due()
    told = Notification.objects.filter(key__contains="reminded")
    assert {notice.url for notice in told} == {row.get_absolute_url()}


def test_an_outing_called_off_says_why_to_who_was_asked_and_is_signed_no_more(room, teacher, sophie):
    row = outing(room)
    page = f"{row.get_absolute_url()}annuler/"
    assert teacher.post(page, {"word": " "}).status_code == 422
    teacher.post(page, {"word": "Le bus n’est plus disponible."})
    told = Notification.objects.filter(kind="outings.withdrawn")
    assert told.count() == 5 and "annulée" in told[0].title
    assert "Le bus n’est plus disponible." in said(sophie.get(row.get_absolute_url()))
    assert sign(sophie, room, row, "Sophie", "yes").status_code == 403
    assert "Lire et signer" not in said(sophie.get("/"))
    assert teacher.post(page, {"word": "Encore"}).status_code == 403


def test_reading_it_is_seen_by_the_teacher(room, teacher, sophie):
    row = outing(room)
    assert "lu, pas signé" not in said(teacher.get(row.get_absolute_url()))
    sophie.get(row.get_absolute_url())
    assert "lu, pas signé" in said(teacher.get(row.get_absolute_url()))


def test_the_pdf_has_the_list_and_the_authorisations_as_signed(room, teacher, sophie, monkeypatch):
    row = outing(room, needs_each_guardian=False)
    sign(sophie, room, row, "Sophie", "yes")
    laid = []
    monkeypatch.setattr(papers.typst, "compile", lambda _source, **options: laid.append(options) or b"%PDF")
    answer = teacher.get(f"{row.get_absolute_url()}appel/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    document = json.loads(laid[0]["sys_inputs"]["data"])
    assert document["going"] == ["Inès Ferrer"]
    assert document["signed"][0][:3] == ["Inès Ferrer", "Sophie Ferrer", "participe"]
    assert sorted(document["staying"]) == ["Aya Khelifi", "Noé Cabanel"]


def test_the_pdf_is_set(room):
    assert papers.roll_call_pdf(outing(room)).startswith(b"%PDF")


def test_the_day_is_in_the_agenda_of_the_class_and_of_nobody_else(room, teacher, sophie, browser_of):
    elsewhere = factories.next_class(room)
    row = outing(room, day=timezone.localdate() + timedelta(days=2), due_on=timezone.localdate())
    pupil = factories.account("ines", "Eleve")
    Person.objects.filter(pupil=room.pupils["Inès"]).update(account=pupil)

    def has(user, link):
        ask = AgendaAsk(user, row.day, row.day, {}, frozenset({row.school_class_id}))
        return [(line.title, bool(line.url)) for line in agenda.lines(ask)] == [("Narbo Via", link)]

    assert has(room.teacher, True) and has(room.guardians["Sophie"], True) and has(pupil, False)
    assert not has(elsewhere.teacher, True)
    services.withdraw(actor=room.teacher, outing=row, word="Orage annoncé.")
    assert not has(room.teacher, True)


def test_the_page_of_an_outing_costs_the_same_for_a_larger_class(room, teacher):
    row = outing(room)
    teacher.get(row.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        teacher.get(row.get_absolute_url())
    for number in range(6):
        factories.add_family(room, f"Zoé{number}", "Martin", ["Samia"], prefix=str(number))
    with CaptureQueriesContext(connection) as many:
        teacher.get(row.get_absolute_url())
    assert len(many) == len(few) <= 24
