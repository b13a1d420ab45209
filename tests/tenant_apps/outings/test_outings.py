"""An outing, from its form to the list of the day."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shared_apps.notifications.models import Notification
from tenant_apps.outings.lists import who_goes
from tenant_apps.outings.models import Companion, Outing
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.outings.factories import draft, outing, slot_of

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
OUTINGS = "/sorties/"


@pytest.fixture
def room(in_narbonne):
    return factories.classroom()


@pytest.fixture
def teacher(room, browser_of):
    return browser_of(HOST, room.teacher)


@pytest.fixture
def sophie(room, browser_of):
    return browser_of(HOST, room.guardians["Sophie"])


@pytest.fixture
def karim(room, browser_of):
    return browser_of(HOST, room.guardians["Karim"])


def said(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\u00a0", " ")


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
