"""The pages of attendance, as a teacher, a head, an agent of the canteen and guardians use them."""

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from shared_apps.notifications.models import Notification
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Announcement, Correction, Mark, RollCall
from tenant_apps.people.models import Enrollment, StaffAssignment
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
MONDAY = HalfDay(date(2026, 11, 23), "am")


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 8, 52, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


def address(room, half_day=MONDAY) -> str:
    return reverse("attendance:call", args=[room.school_class.pk, *half_day.words])


def typed(room, *absent, version=0, act="validate", **more):
    return {"version": version, "act": act, "absent": [room.pupils[name].pk for name in absent]} | more


def text(response) -> str:
    return " ".join(response.content.decode().split())


def said(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text(response)).split())


def announcing(room, *children, **more):
    today = {"starts_on": "2026-11-23", "span": "day", "reason": "child_illness"}
    return {"children": [room.pupils[name].pk for name in children]} | today | more


def kinds() -> dict[str, str]:
    return {mark.pupil.person.first_name: mark.kind for mark in Mark.objects.all()}


def test_a_teacher_goes_straight_to_the_call_of_this_half_day(room, teacher):
    assert teacher.get(reverse("attendance:board")).url == address(room)


def test_the_call_is_a_form_of_boxes_that_needs_no_script(room, teacher):
    page = text(teacher.get(address(room)))
    assert page.count('name="absent"') == 3
    answer = teacher.post(address(room), typed(room, "Noé"))
    assert answer.url == address(room)
    assert kinds() == {"Noé": "absent"}
    called = said(teacher.get(address(room))).replace("\u00a0", " ")
    assert "Appel fait à 8 h 52" in called
    assert "2 présents 1 absent 0 en retard" in called


def test_one_child_and_none_are_counted_in_the_singular(room, teacher):
    assert "3 présents 0 absent 0 en retard" in said(teacher.get(address(room)))
    teacher.post(address(room), typed(room, "Noé", "Inès"))
    assert "1 présent 2 absents 0 en retard" in said(teacher.get(address(room)))


def test_someone_late_or_gone_early_has_a_time_and_it_is_now_unless_said(room, teacher):
    aya, noe = room.pupils["Aya"].pk, room.pupils["Noé"].pk
    more = {f"kind-{aya}": "late", f"kind-{noe}": "left", f"at-{noe}": "08:40"}
    teacher.post(address(room), typed(room, "Noé", **more))
    assert {(m.kind, m.at.isoformat("minutes")) for m in Mark.objects.all()} == {("late", "08:52"), ("left", "08:40")}


def test_a_call_is_kept_without_being_validated(room, teacher):
    teacher.post(address(room), typed(room, "Noé", act="save"))
    assert RollCall.objects.get().state == "in_progress"
    assert "Appel en cours" in text(teacher.get(address(room)))


def test_a_correction_is_shown_with_what_was_there(room, teacher):
    teacher.post(address(room), typed(room, "Noé"))
    teacher.post(address(room), typed(room, version=1))
    assert Correction.objects.count() == 1
    assert "Noé · Absent → Présent" in said(teacher.get(address(room)))


@pytest.mark.parametrize(
    "wrong", [{"version": "un"}, {"absent": ["pas un élève"]}, {"state-x": "absent"}, {"key": "?"}]
)
def test_a_call_that_cannot_be_read_writes_nothing(room, teacher, wrong):
    answer = teacher.post(address(room), typed(room, "Noé") | wrong)
    assert answer.status_code == 422
    assert "Rien n’a été enregistré" in text(answer)
    assert not RollCall.objects.exists()


def test_what_is_no_half_day_is_not_found(room, teacher):
    assert teacher.get(address(room).replace("/am/", "/soir/")).status_code == 404
    assert teacher.get(address(room).replace("2026-11-23", "hier")).status_code == 404


def test_a_reason_told_by_phone_is_noted_with_the_call(room, teacher):
    teacher.post(address(room), typed(room, "Noé"))
    teacher.post(address(room), typed(room, "Noé", version=1, **{f"reason-{room.pupils['Noé'].pk}": "transport"}))
    assert Mark.objects.get().reason == "transport"


def test_two_calls_are_shown_side_by_side_and_the_choice_is_what_holds(room, teacher, head):
    head.post(address(room), typed(room, "Noé"))
    answer = teacher.post(address(room), typed(room, "Inès", key=uuid4()))
    shown = said(answer)
    assert answer.status_code == 409
    assert "Martine Calas a aussi fait cet appel, à 8 h 52" in shown.replace("\u00a0", " ")
    assert "2 lignes diffèrent" in shown.replace("\u00a0", " ")
    assert kinds() == {"Noé": "absent"}
    ines, noe = room.pupils["Inès"].pk, room.pupils["Noé"].pk
    choice = {"version": 1, "act": "validate", f"state-{ines}": "absent", f"state-{noe}": "late 08:50"}
    assert teacher.post(address(room), choice).status_code == 302
    assert kinds() == {"Inès": "absent", "Noé": "late"}


def test_a_script_is_answered_in_json(room, teacher, head):
    json = {"accept": "application/json"}
    answer = teacher.post(address(room), typed(room, "Noé"), headers=json)
    assert answer.json() == {"version": 1, "state": "validated"}
    assert head.post(address(room), typed(room, "Aya"), headers=json).status_code == 409
    assert head.post(address(room), {"essai": 1}, headers=json).status_code == 422


def test_a_day_without_school_has_no_call(room, teacher):
    page = text(teacher.get(address(room, HalfDay(date(2026, 11, 22), "am"))))
    assert "Il n’y a pas classe" in page
    assert 'name="absent"' not in page


def test_a_substitute_has_no_call_before_their_dates(room, browser_of):
    user = factories.account("Lise", "Roux")
    facts = {"role": "substitute", "school": room.school, "school_class": room.school_class}
    person = factories.person("Lise", "Roux", user=user)
    StaffAssignment.objects.create(
        person=person, starts_on=MONDAY.day, ends_on=MONDAY.day + timedelta(days=10), **facts
    )
    browser = browser_of(HOST, user)
    assert browser.get(address(room)).status_code == 200
    assert browser.get(address(room, HalfDay(date(2026, 11, 20), "am"))).status_code == 404


def test_the_head_sees_which_class_has_not_called(room, teacher, head):
    factories.next_class(room)
    teacher.post(address(room), typed(room, "Noé"))
    shown = said(head.get(reverse("attendance:board"))).replace("\u00a0", " ")
    assert "1 classe sur 2 a fait l’appel" in shown
    assert "fait à 8 h 52" in shown
    assert "à faire" in shown


def test_the_home_page_says_what_is_left_to_call(room, teacher, head):
    factories.next_class(room)
    assert "L’appel du CE2 est à faire" in text(teacher.get("/"))
    assert "2 classes n’ont pas fait l’appel" in said(head.get("/")).replace("\u00a0", " ")
    teacher.post(address(room), typed(room))
    assert "L’appel du CE2 est à faire" not in text(teacher.get("/"))


def test_a_guardian_announces_for_two_children_at_once(room, sophie):
    factories.add_family(room, "Tom", "Ferrer", [])
    room.pupils["Tom"].guardianships.create(guardian=room.guardians["Sophie"].person)
    answer = sophie.post(reverse("attendance:declare"), announcing(room, "Inès", "Tom"))
    assert answer.url == reverse("attendance:absences")
    assert Announcement.objects.count() == 2
    assert Announcement.objects.values("lot").distinct().count() == 1
    assert "Maladie de l’enfant" in text(sophie.get(answer.url))


@pytest.mark.parametrize(
    ("span", "ends_on", "expected"),
    [
        ("day", "", ("am", date(2026, 11, 23), "pm")),
        ("am", "", ("am", date(2026, 11, 23), "am")),
        ("pm", "", ("pm", date(2026, 11, 23), "pm")),
        ("pm", "2026-11-26", ("pm", date(2026, 11, 26), "pm")),
        ("am", "2026-11-26", ("am", date(2026, 11, 26), "pm")),
    ],
    ids=["day", "morning", "afternoon", "from the afternoon", "several days"],
)
def test_an_absence_lasts_half_a_day_a_day_or_several(room, sophie, span, ends_on, expected):
    sophie.post(reverse("attendance:declare"), announcing(room, "Inès", span=span, ends_on=ends_on))
    one = Announcement.objects.get()
    assert (one.starts_half, one.ends_on, one.ends_half) == expected


def test_a_child_of_another_family_cannot_be_chosen(room, sophie):
    answer = sophie.post(reverse("attendance:declare"), announcing(room, "Noé"))
    assert answer.status_code == 422
    assert not Announcement.objects.exists()


def test_a_refusal_of_the_school_is_said_on_the_form(room, sophie):
    sophie.post(reverse("attendance:declare"), announcing(room, "Inès"))
    answer = sophie.post(reverse("attendance:declare"), announcing(room, "Inès"))
    assert answer.status_code == 422
    assert "déjà annoncée" in text(answer)


def test_a_guardian_takes_an_announcement_back(room, sophie):
    sophie.post(reverse("attendance:declare"), announcing(room, "Inès"))
    one = Announcement.objects.get()
    sophie.post(reverse("attendance:withdraw", args=[one.pk]))
    one.refresh_from_db()
    assert one.withdrawn_at
    assert "Aucune absence annoncée" in text(sophie.get(reverse("attendance:absences")))


def test_a_family_sees_an_absence_once_it_is_validated_and_says_why(room, teacher, sophie):
    teacher.post(address(room), typed(room, "Inès", act="save"))
    assert "Aucune absence, aucun retard" in text(sophie.get(reverse("attendance:absences")))
    teacher.post(address(room), typed(room, "Inès", version=1))
    home = text(sophie.get("/"))
    asked = re.search(r'href="([^"]*declarer[^"]*enfant[^"]*)"', home).group(1).replace("&amp;", "&")
    page = text(sophie.get(asked))
    assert re.search(rf'value="{room.pupils["Inès"].pk}"[^>]* checked', page)
    assert 'value="2026-11-23"' in page
    sophie.post(asked, announcing(room, "Inès", span="am"))
    assert "Inès n’était pas en classe" not in text(sophie.get("/"))


def test_the_teacher_reads_what_families_announced_and_says_so(room, teacher, sophie):
    sophie.post(reverse("attendance:declare"), announcing(room, "Inès", message="Elle a de la fièvre."))
    assert "1 absence annoncée" in said(teacher.get("/")).replace("\u00a0", " ")
    notice = Notification.objects.get(user=room.teacher)
    assert notice.url == reverse("attendance:announcements")
    page = text(teacher.get(notice.url))
    assert "Elle a de la fièvre." in page
    teacher.post(reverse("attendance:handle", args=[Announcement.objects.get().pk]))
    assert Announcement.objects.get().handled_by == room.teacher
    assert "absence annoncée<" not in text(teacher.get("/"))


def test_the_canteen_reads_who_is_absent_and_never_why(room, teacher, sophie, browser_of):
    sophie.post(reverse("attendance:declare"), announcing(room, "Inès", message="Elle a de la fièvre."))
    user = factories.account("Rachid", "Cantine")
    facts = {"role": "canteen_agent", "school": room.school, "starts_on": date(2020, 1, 1)}
    StaffAssignment.objects.create(person=factories.person("Rachid", "Cantine", user=user), **facts)
    agent = browser_of(HOST, user)
    page = text(agent.get(reverse("attendance:head_count")))
    assert "Inès Ferrer" in page
    assert "maladie" not in page
    assert "fièvre" not in page
    teacher.post(address(room), typed(room, "Inès", "Noé"))
    page = text(agent.get(reverse("attendance:head_count")))
    assert "Noé Cabanel" in page
    assert "tous les appels sont faits" in page
    assert '<span class="figure__value">1</span>' in page


PAGES = {
    "call": lambda room: ("teacher", address(room)),
    "board": lambda room: ("head", reverse("attendance:board")),
    "announcements": lambda room: ("teacher", reverse("attendance:announcements")),
    "head count": lambda room: ("head", reverse("attendance:head_count")),
    "absences": lambda room: ("Sophie", reverse("attendance:absences")),
    "declare": lambda room: ("Sophie", reverse("attendance:declare")),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_at_most_ten_queries_and_the_same_with_thirty_more(
    room, name, browser_of, django_assert_max_num_queries
):
    factories.next_class(room)
    who, path = PAGES[name](room)
    browser = browser_of(HOST, room.guardians.get(who) or getattr(room, who, None))
    _absent_with_announcements(room, "Inès")
    browser.get(path)
    with django_assert_max_num_queries(3 if name == "call" else 10) as few:
        assert browser.get(path).status_code == 200
    for n in range(30):
        factories.add_family(room, f"E{n}", "Essai", [])
        room.pupils[f"E{n}"].guardianships.create(guardian=room.guardians["Sophie"].person)
    _absent_with_announcements(room, *room.pupils)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert browser.get(path).status_code == 200


def _absent_with_announcements(room, *names):
    roll = RollCall.objects.get_or_create(
        school_class=room.school_class, day=MONDAY.day, half="am", state="validated", validated_at=timezone.now()
    )[0]
    for name in names:
        facts = {"starts_on": MONDAY.day, "ends_on": MONDAY.day, "reason": "other"}
        Mark.objects.get_or_create(roll_call=roll, pupil=room.pupils[name], kind="absent")
        Announcement.objects.create(pupil=room.pupils[name], **facts)


@pytest.mark.parametrize("children", [0, 30])
@pytest.mark.parametrize("way", ["form", "script"])
def test_saving_a_call_costs_at_most_eight_queries(room, teacher, children, way, django_assert_max_num_queries):
    for n in range(children):
        factories.add_family(room, f"E{n}", "Essai", [])
    teacher.get(address(room))
    headers = {"accept": "application/json"} if way == "script" else {}
    with django_assert_max_num_queries(8):
        assert teacher.post(address(room), typed(room, *room.pupils), headers=headers).status_code in (200, 302)
    assert Mark.objects.count() == Enrollment.objects.count()
