"""The call by its service, as the page and the tablet will use it."""

from datetime import date, datetime, time
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import registry
from core.errors import DomainError
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.attendance import notifications
from tenant_apps.attendance.errors import Conflict
from tenant_apps.attendance.half_days import HalfDay
from tenant_apps.attendance.models import Announcement, Correction, Mark, RollCall
from tenant_apps.attendance.services import Said, declare, judge, save_roll, withdraw
from tenant_apps.attendance.sheets import board, sheet_of
from tenant_apps.schools.models import SchoolClass
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
MONDAY = HalfDay(date(2026, 11, 23), "am")
ABSENT, LATE = Said("absent"), Said("late", time(8, 47))


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(datetime(2026, 11, 23, 8, 40, tzinfo=timezone.get_default_timezone()), tick=False):
        yield


def call(room, marks=None, *, version=0, validates=True, actor=None, **facts):
    said = {room.pupils[name].pk: one for name, one in (marks or {}).items()}
    where = {"class_id": room.school_class.pk, "half_day": MONDAY}
    return save_roll(actor=actor or room.teacher, marks=said, version=version, validates=validates, **where | facts)


def announce(room, adult="Sophie", child="Inès", **facts):
    afternoon = HalfDay(MONDAY.day, "pm")
    span = {"starts": MONDAY, "ends": afternoon, "reason": "child_illness"}
    return declare(actor=room.guardians[adult], pupils=[room.pupils[child]], **span | facts)


def deliver():
    for entry in OutboxEntry.objects.filter(kind=notifications.FAMILIES).order_by("pk"):
        notifications.tell_families(entry.payload)


def test_a_validated_call_keeps_only_those_who_were_not_there(room):
    roll = call(room, {"Noé": ABSENT, "Aya": LATE})
    assert roll.is_validated
    assert {(m.pupil.person.first_name, m.kind) for m in roll.marks.all()} == {("Noé", "absent"), ("Aya", "late")}


@pytest.mark.parametrize("who", ["teacher", "head"])
def test_the_teacher_and_the_head_make_the_call(room, who):
    assert call(room, actor=getattr(room, who)).is_validated


def test_nobody_else_makes_the_call(room):
    other = factories.classroom(uai="0110358E", prefix="b")
    for stranger in (other.teacher, other.head, room.guardians["Sophie"]):
        with pytest.raises(SchoolClass.DoesNotExist):
            call(room, actor=stranger)
    assert not RollCall.objects.exists()


@pytest.mark.parametrize("half_day", [HalfDay(date(2026, 11, 22), "am"), HalfDay(date(2026, 11, 18), "am")])
def test_there_is_no_call_when_there_is_no_school(room, half_day):
    with pytest.raises(DomainError, match="pas classe"):
        call(room, half_day=half_day)


def test_an_afternoon_is_not_called_in_the_morning(room):
    with pytest.raises(DomainError, match="pas commencé"):
        call(room, half_day=HalfDay(MONDAY.day, "pm"))


def test_two_people_who_call_the_same_class_are_told_and_nothing_is_overwritten(room):
    call(room, {"Noé": ABSENT}, actor=room.head)
    with pytest.raises(Conflict):
        call(room, {"Inès": ABSENT})
    assert [m.pupil for m in Mark.objects.all()] == [room.pupils["Noé"]]


def test_two_people_who_say_the_same_are_no_conflict(room):
    first = call(room, {"Noé": ABSENT}, actor=room.head)
    assert call(room, {"Noé": ABSENT}).version == first.version


def test_the_same_sending_twice_is_applied_once(room):
    key = uuid4()
    first = call(room, {"Noé": ABSENT}, key=key)
    # Whatever it holds: a person chose between two versions since, under this key.
    assert call(room, {"Aya": ABSENT}, key=key).version == first.version
    assert [m.pupil for m in Mark.objects.all()] == [room.pupils["Noé"]]


def test_a_sending_that_got_no_answer_does_not_contradict_the_next_one(room):
    lost = uuid4()
    call(room, {"Noé": ABSENT}, key=lost, validates=False)
    roll = call(room, {"Noé": ABSENT, "Aya": ABSENT}, key=uuid4(), earlier=[lost])
    assert roll.marks.count() == 2


def test_a_correction_keeps_what_was_there(room):
    roll = call(room, {"Noé": ABSENT})
    call(room, {"Noé": LATE}, version=roll.version)
    kept = Correction.objects.get()
    assert (kept.before, kept.after, kept.after_at, kept.actor) == ("absent", "late", time(8, 47), room.teacher)


def test_a_call_that_is_not_finished_keeps_no_correction_and_tells_nobody(room):
    roll = call(room, {"Noé": ABSENT}, validates=False)
    call(room, {}, version=roll.version, validates=False)
    assert not Correction.objects.exists()
    assert not OutboxEntry.objects.filter(kind=notifications.FAMILIES).exists()


def test_families_who_said_nothing_are_told_once_and_the_reason_is_not_in_the_title(room):
    announce(room)
    Notification.objects.all().delete()
    call(room, {"Noé": ABSENT, "Inès": ABSENT})
    deliver()
    deliver()
    told = Notification.objects.order_by("pk")
    assert {n.user for n in told} == {room.guardians["Laure"], room.guardians["Éric"]}
    assert {n.title for n in told} == {"Noé · Pas en classe ce matin : dites pourquoi à l’école"}


def test_a_family_told_of_an_absence_is_told_that_the_child_came(room):
    roll = call(room, {"Noé": ABSENT})
    call(room, {"Noé": LATE}, version=roll.version)
    deliver()
    titles = set(Notification.objects.filter(kind="attendance.here").values_list("title", flat=True))
    assert titles == {"Noé · Arrivé en classe à 8 h 47"}


def test_an_announced_absence_gives_its_reason_to_the_call(room):
    announce(room)
    call(room, {"Inès": ABSENT})
    assert list(Mark.objects.values_list("reason", "status")) == [("child_illness", "excused")]


def test_a_reason_given_afterwards_explains_the_call(room):
    call(room, {"Inès": ABSENT})
    announce(room, reason="other")
    assert list(Mark.objects.values_list("reason", "status")) == [("other", "pending")]


def test_the_teacher_and_the_head_hear_of_an_announcement_without_its_reason_in_the_title(room):
    announce(room)
    told = Notification.objects.all()
    assert {n.user for n in told} == {room.teacher, room.head}
    assert not [n for n in told if "maladie" in n.title]


def test_one_announces_for_one_s_own_children_only(room):
    with pytest.raises(PermissionDenied):
        announce(room, child="Noé")
    assert not Announcement.objects.exists()


def test_a_medical_certificate_is_refused(room):
    upload = SimpleUploadedFile("certificat.pdf", b"%PDF-1.4\n")
    with pytest.raises(DomainError, match="certificat médical"):
        announce(room, upload=upload)
    assert not Announcement.objects.exists()


def test_a_service_hears_of_the_half_days_and_nothing_more(room, monkeypatch):
    heard = []
    monkeypatch.setitem(registry.announced_absences._items, "essai", lambda a: heard.append(a) or "Repas annulé.")
    made, words = announce(room)
    assert words == ["Repas annulé."]
    assert heard[0].half_days == (tuple(MONDAY), (MONDAY.day, "pm"))
    withdraw(actor=room.guardians["Sophie"], announcement=made[0])
    assert heard[1].is_withdrawn


def test_the_head_judges_and_the_teacher_does_not(room):
    call(room, {"Noé": ABSENT})
    mark = Mark.objects.get()
    assert judge(actor=room.head, mark=mark, reason="other", status="excused").status == "excused"
    with pytest.raises(PermissionDenied):
        judge(actor=room.teacher, mark=mark, reason="", status="unexcused")


def test_families_see_their_child_once_the_call_is_validated_and_the_town_sees_nothing(room):
    roll = call(room, {"Noé": ABSENT}, validates=False)
    laure, sophie = room.guardians["Laure"], room.guardians["Sophie"]
    assert not Mark.objects.visible_to(laure).exists()
    call(room, {"Noé": ABSENT}, version=roll.version)
    assert Mark.objects.visible_to(laure).exists()
    assert not Mark.objects.visible_to(sophie).exists()


def test_the_head_count_follows_the_call_at_once(room):
    def count():
        return registry.head_counts["attendance"]([room.school.pk], *MONDAY)[0]

    assert (count().present, count().is_called) == (3, False)
    announce(room)
    assert (count().present, count().is_called) == (2, False)
    call(room, {"Inès": ABSENT, "Noé": ABSENT, "Aya": LATE})
    assert (count().present, count().absent, count().is_called) == (1 + 0, 2, True)


def test_the_board_tells_where_each_class_is(room, django_assert_num_queries):
    call(room, {"Noé": ABSENT})
    with django_assert_num_queries(1):
        (one,) = board(SchoolClass.objects.families_open_to(room.head), MONDAY)
    assert (one.state, one.absent, one.pupils) == ("validated", 1, 3)


def test_the_page_of_a_class_foresees_those_announced(room):
    announce(room)
    school_class = SchoolClass.objects.select_related("school").get(pk=room.school_class.pk)
    sheet = sheet_of(school_class, MONDAY)
    assert {line.first_name: line.kind for line in sheet.lines} == {"Inès": "absent", "Noé": "", "Aya": ""}
    assert sheet.counts["present"] == 2


@pytest.mark.parametrize("children", [0, 30])
def test_validating_costs_the_same_for_thirty_children_more(room, children, django_assert_max_num_queries):
    for n in range(children):
        factories.add_family(room, f"E{n}", "Essai", [])
    with django_assert_max_num_queries(9):
        call(room, dict.fromkeys(room.pupils, ABSENT))
    assert Mark.objects.count() == 3 + children
