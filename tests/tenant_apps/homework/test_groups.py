"""Homework of a group of pupils: who gives it, who reads it, who follows which children."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import registry
from core.registry import AgendaAsk
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.homework import archives, notifications, services
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.people import services as people
from tenant_apps.people.models import PupilGroup, StaffAssignment
from tests.support.pages import said
from tests.tenant_apps.homework import factories as made
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
TYPED = {
    "subject": "Chant", "title": "Le refrain", "instruction": "Par cœur", "due_on": "2026-11-27",
    "given_on": "2026-11-24", "published_on": "2026-11-24", "recurrence": "once",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 09:00:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def next_door(room):
    return factories.next_class(room)


@pytest.fixture
def choir(room, next_door):
    """Inès (CE2) and Noé (CM1), led by the teacher of the CE2."""
    pupils = [room.pupils["Inès"], next_door.pupils["Noé"]]
    return group(room, "Chorale", pupils, [room.teacher])


def group(room, name, pupils, leaders) -> PupilGroup:
    leaders = [one.person for one in leaders]
    return people.make_group(actor=room.head, school=room.school, name=name, pupils=pupils, leaders=leaders)


def page(name: str, *args) -> str:
    return reverse(f"homework:{name}", args=args, urlconf="config.urls.tenant")


def sung(room, choir, **facts) -> Homework:
    return made.homework(room, group=choir, **{"subject": "Chant", "title": "Le refrain", "due_on": FRIDAY} | facts)


def test_who_leads_a_group_gives_homework_and_the_families_of_its_children_read_it(room, next_door, choir, browser_of):
    teacher = browser_of(HOST, room.teacher)
    answer = teacher.post(page("group_write", choir.pk), TYPED)
    assert answer.url == page("group_week", choir.pk) + "?semaine=2026-11-23"
    shown = said(teacher.get(answer.url))
    assert "Le refrain" in shown and room.school.name in shown  # the page is still the school’s
    for user in (room.guardians["Sophie"], next_door.guardians["Laure"]):
        shown = said(browser_of(HOST, user).get(page("home")))
        assert "Chant · Le refrain" in shown and "Chorale" in shown
    one = Homework.objects.get()
    assert (one.group, one.school_class) == (choir, None)
    assert "Chorale" in said(browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)))
    for user in (room.guardians["Laure"], next_door.guardians["Sophie"]):  # of the same classes
        other = browser_of(HOST, user)
        assert "Le refrain" not in said(other.get(page("home")))
        assert other.get(page("homework", one.pk)).status_code == 404


def test_the_teacher_of_a_child_reads_it_in_the_week_of_the_class_and_follows_that_child(
    room, next_door, choir, browser_of
):
    one = sung(room, choir)
    joan = browser_of(HOST, next_door.teacher)
    assert "groupe « Chorale »" in said(joan.get(page("week", next_door.school_class.pk) + "?semaine=2026-11-23"))
    shown = said(joan.get(page("follow", one.pk)))
    assert "Noé Cabanel" in shown and "Inès" not in shown
    assert joan.get(page("change", one.pk)).status_code == 403
    assert joan.get(page("group_week", choir.pk)).status_code == 404
    assert joan.get(page("group_write", choir.pk)).status_code == 404
    typed = {"jour": "2026-11-27", "word": "Bravo"}
    assert joan.post(page("word", one.pk, next_door.pupils["Noé"].pk), typed).status_code == 403
    assert not Progress.objects.exists()


def test_of_what_is_not_published_yet_the_teacher_of_the_class_reads_nothing(room, next_door, choir, browser_of):
    one = sung(room, choir, published_on=date(2026, 11, 26))
    assert browser_of(HOST, next_door.teacher).get(page("follow", one.pk)).status_code == 404
    assert browser_of(HOST, room.teacher).get(page("follow", one.pk)).status_code == 200


def test_who_leads_follows_every_child_and_says_a_word_to_one_of_another_class(room, next_door, choir, browser_of):
    one, noe = sung(room, choir), next_door.pupils["Noé"]
    services.tick(actor=made.pupil_account(next_door, "Noé"), homework=one, day=FRIDAY, is_done=True)
    teacher = browser_of(HOST, room.teacher)
    shown = said(teacher.get(page("follow", one.pk)))
    assert "1 sur 2 l’ont fait" in shown and "Inès Ferrer CE2" in shown and "Noé Cabanel CM1" in shown
    teacher.post(page("word", one.pk, noe.pk), {"jour": "2026-11-27", "word": "Bravo, quelle voix"})
    assert "quelle voix" in said(browser_of(HOST, next_door.guardians["Laure"]).get(page("homework", one.pk)))
    assert "quelle voix" not in said(browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)))
    assert "quelle voix" in said(browser_of(HOST, next_door.teacher).get(page("follow", one.pk)))


def test_a_word_to_a_child_who_is_not_in_the_group_finds_nobody(room, choir, browser_of):
    one = sung(room, choir)
    typed = {"jour": "2026-11-27", "word": "Bravo"}
    answer = browser_of(HOST, room.teacher).post(page("word", one.pk, room.pupils["Noé"].pk), typed)
    assert answer.status_code == 404


def test_some_children_of_the_group_are_chosen_and_no_other_child(room, next_door, choir, browser_of):
    teacher, noe = browser_of(HOST, room.teacher), next_door.pupils["Noé"]
    form = said(teacher.get(page("group_write", choir.pk)))
    assert "Noé Cabanel (CM1)" in form and "tout le groupe" in form and "Aya" not in form
    assert teacher.post(page("group_write", choir.pk), TYPED | {"pupils": [noe.pk]}).status_code == 302
    assert "Le refrain" in said(browser_of(HOST, next_door.guardians["Laure"]).get(page("home")))
    assert "Le refrain" not in said(browser_of(HOST, room.guardians["Sophie"]).get(page("home")))
    aya = room.pupils["Aya"]
    assert teacher.post(page("group_write", choir.pk), TYPED | {"pupils": [aya.pk]}).status_code == 422
    with pytest.raises(PermissionDenied):
        made.homework(room, group=choir, due_on=FRIDAY, pupils=[aya])


@pytest.mark.parametrize("name", ["head", "colleague", "assistant"])
def test_who_is_not_in_charge_gives_nothing(room, next_door, choir, browser_of, name):
    assistant = factories.account("Paul", "Aesh")
    StaffAssignment.objects.create(
        person=factories.person("Paul", "Aesh", user=assistant), role="support_assistant", school=room.school,
        school_class=room.school_class, starts_on=TUESDAY,
    )  # fmt: skip
    user = {"head": room.head, "colleague": next_door.teacher, "assistant": assistant}[name]
    one = sung(room, choir)
    answer = browser_of(HOST, user).post(page("group_write", choir.pk), TYPED)
    assert answer.status_code == (403 if name == "head" else 404)
    assert browser_of(HOST, user).post(page("remove", one.pk)).status_code == (404 if name == "assistant" else 403)
    assert Homework.objects.count() == 1


def test_a_pupil_of_the_group_ticks_and_another_of_the_class_cannot(room, choir, browser_of):
    one = sung(room, choir)
    pupil = browser_of(HOST, made.pupil_account(room, "Inès"))
    assert "Le refrain" in said(pupil.get(page("home")))
    assert pupil.post(page("tick", one.pk), {"jour": "2026-11-27"}).status_code == 302
    other = browser_of(HOST, made.pupil_account(room, "Noé"))
    assert other.post(page("tick", one.pk), {"jour": "2026-11-27"}).status_code == 404
    assert Progress.objects.get().pupil == room.pupils["Inès"]


def test_a_child_who_leaves_the_group_has_its_homework_no_more(room, next_door, choir, browser_of):
    one = sung(room, choir)
    people.change_group(
        actor=room.teacher, group=choir, name="Chorale", kind="choir", pupils=[next_door.pupils["Noé"]],
        leaders=[room.teacher.person],
    )  # fmt: skip
    assert browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)).status_code == 404
    assert browser_of(HOST, next_door.guardians["Laure"]).get(page("homework", one.pk)).status_code == 200


def test_of_a_group_that_is_ended_families_read_nothing_and_nothing_more_is_given(room, choir, browser_of):
    one = sung(room, choir)
    people.end_group(actor=room.head, group=choir)
    assert browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)).status_code == 404
    teacher = browser_of(HOST, room.teacher)
    assert teacher.get(page("follow", one.pk)).status_code == 200
    assert teacher.post(page("group_write", choir.pk), TYPED).status_code == 403
    assert Homework.objects.count() == 1


def test_the_head_puts_a_visa_on_the_week_of_a_group_and_the_class_keeps_its_own(room, choir, browser_of):
    one, of_the_class = sung(room, choir), made.homework(room, due_on=FRIDAY)
    head = browser_of(HOST, room.head)
    week = said(head.get(page("week", room.school_class.pk) + "?semaine=2026-11-23"))
    assert "Le refrain" in week and "1 devoir de cette semaine" in week
    head.post(page("group_visa", choir.pk), {"semaine": "2026-11-23"})
    one.refresh_from_db()
    of_the_class.refresh_from_db()
    assert one.visa_by == room.head and of_the_class.visa_at is None
    assert browser_of(HOST, room.teacher).post(page("group_visa", choir.pk)).status_code == 403


def test_the_year_of_a_group_is_kept_as_a_pdf_of_its_own(room, choir, browser_of, monkeypatch):
    sung(room, choir)
    answer = browser_of(HOST, room.teacher).get(page("group_archive", choir.pk))
    assert answer.content.startswith(b"%PDF") and "cahier-de-textes-chorale" in answer.headers["Content-Disposition"]
    printed: list[str] = []
    monkeypatch.setattr(archives.typst, "compile", lambda *_args, sys_inputs, **_kw: printed.append(sys_inputs["data"]))
    archives.pdf_of(choir)
    archives.pdf_of(room.school_class)
    assert ["Le refrain" in page for page in printed] == [True, False]


def test_the_diary_of_a_group_is_found_beside_those_of_classes(room, next_door, choir, browser_of):
    shown = said(browser_of(HOST, room.teacher).get(page("home")))
    assert "CE2" in shown and "Chorale" in shown and "Groupe d’élèves" in shown
    assert browser_of(HOST, next_door.teacher).get(page("home")).url == page("week", next_door.school_class.pk)


def test_families_of_the_group_are_told_and_no_other(room, next_door, choir):
    sung(room, choir)
    made.homework(room, due_on=FRIDAY)
    for entry in OutboxEntry.objects.filter(kind=notifications.FAMILIES, delivered_at=None):
        notifications.tell_families(entry.payload)
    titles = {one.user: one.title for one in Notification.objects.all()}
    assert titles[next_door.guardians["Laure"]] == "Noé · 1 nouveau devoir"
    assert titles[room.guardians["Sophie"]] == "Inès · 2 nouveaux devoirs"
    assert titles[room.guardians["Laure"]] == "Noé · 1 nouveau devoir"
    assert next_door.guardians["Sophie"] not in titles


def test_the_calendar_of_a_family_and_of_the_school_show_it(room, next_door, choir):
    sung(room, choir)
    noe, aya, place = next_door.pupils["Noé"].pk, next_door.pupils["Aya"].pk, next_door.school_class.pk

    def lines(user, pupils):
        ask = AgendaAsk(user, TUESDAY, FRIDAY, pupils, frozenset({place}))
        return [(line.title, line.pupils, line.detail) for line in registry.agenda_sources["homework"](ask)]

    assert lines(next_door.guardians["Laure"], {noe: place}) == [("Chant · Le refrain", (noe,), "")]
    assert lines(next_door.guardians["Sophie"], {aya: place}) == []
    assert lines(next_door.teacher, {}) == [("Chant · Le refrain", (), "Chorale")]


@pytest.mark.parametrize("facts", [{"group": None}, {"class": True}], ids=["neither", "both"])
def test_homework_is_of_a_class_or_of_a_group(room, choir, facts):
    one = sung(room, choir)
    facts = {"school_class": room.school_class} if "class" in facts else facts
    with pytest.raises(IntegrityError), transaction.atomic():
        Homework.objects.filter(pk=one.pk).update(**facts)


@pytest.mark.parametrize("name", ["group", "class", "family", "pupil", "follow", "homes"])
def test_pages_cost_the_same_with_more_groups_and_more_children(room, next_door, choir, browser_of, name):
    one = sung(room, choir)
    urls = {
        "group": page("group_week", choir.pk),
        "class": page("week", next_door.school_class.pk),
        "follow": page("follow", one.pk),
    }
    users = {
        "family": room.guardians["Sophie"],
        "pupil": made.pupil_account(room, "Inès"),
        "class": next_door.teacher,
    }
    browser, url = browser_of(HOST, users.get(name, room.teacher)), urls.get(name, page("home"))

    def queries() -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    before = queries()
    for n in range(4):
        factories.add_family(next_door, f"Enfant{n}", "Fabre", ["Aurélie"], prefix=f"plus{n}-")
        children = [room.pupils["Inès"], *next_door.pupils.values()]
        sung(room, group(room, f"Groupe {n}", children, [room.teacher]), title=f"Chant {n}")
    children = [room.pupils["Inès"], *next_door.pupils.values()]
    people.change_group(
        actor=room.head, group=choir, name="Chorale", kind="choir", pupils=children, leaders=[room.teacher.person]
    )
    assert queries() == before <= 14
