"""The homework diary through its pages, as a teacher, a head, guardians and pupils use it."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import registry
from core.registry import AgendaAsk, Erased
from core.tenancy import in_schema
from shared_apps.files.models import StoredFile
from shared_apps.notifications.models import Notification, OutboxEntry
from tenant_apps.homework import notifications, services
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.homework.weeks import Week
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.schools.models import CalendarDay
from tests.shared_apps.files import samples
from tests.tenant_apps.homework import factories as made
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
TUESDAY, THURSDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 27)
TYPED = {
    "subject": "Poésie", "title": "Le Cancre", "instruction": "La réciter", "minutes": "10",
    "due_on": "2026-11-27", "given_on": "2026-11-24", "published_on": "2026-11-24", "recurrence": "once",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 09:00:00+01:00", tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(name: str, *args) -> str:
    # Whatever host the last request of a test asked.
    return reverse(f"homework:{name}", args=args, urlconf="config.urls.tenant")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def week(room, browser, monday="2026-11-23") -> str:
    return text(browser.get(page("week", room.school_class.pk) + f"?semaine={monday}"))


def test_a_teacher_gives_homework_and_the_family_reads_it(room, browser_of):
    answer = browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), TYPED)
    assert answer.url == page("week", room.school_class.pk) + "?semaine=2026-11-23"
    assert "Le Cancre" in week(room, browser_of(HOST, room.teacher))
    family = browser_of(HOST, room.guardians["Sophie"])
    assert "Poésie · Le Cancre" in text(family.get(page("home")))
    homework = Homework.objects.get()
    assert homework.author == room.teacher
    assert "La réciter" in text(family.get(page("homework", homework.pk)))


def test_writing_says_quietly_that_written_homework_is_forbidden_in_elementary_school(room, browser_of):
    browser = browser_of(HOST, room.teacher)
    assert "29 décembre 1956" in text(browser.get(page("write", room.school_class.pk)))
    assert browser.post(page("write", room.school_class.pk), TYPED).status_code == 302
    room.school.kind = "nursery"
    room.school.save()
    assert "29 décembre 1956" not in text(browser.get(page("write", room.school_class.pk)))


@pytest.mark.parametrize("off", ["2026-11-25", "2026-11-29", "2026-12-25"], ids=["wednesday", "sunday", "holidays"])
def test_there_is_no_homework_for_a_day_without_class(room, browser_of, off):
    CalendarDay.objects.get_or_create(kind="public_holiday", label="Fête", starts_on="2026-12-25", ends_on="2026-12-25")
    answer = browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), TYPED | {"due_on": off})
    assert answer.status_code == 422 and "Il n’y a pas classe ce jour-là" in text(answer)
    assert not Homework.objects.exists()


def test_what_comes_back_needs_an_end(room, browser_of):
    typed = TYPED | {"recurrence": "weekly"}
    answer = browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), typed)
    assert "jusqu’à quand" in text(answer) and not Homework.objects.exists()


def test_a_weekly_homework_comes_back_until_its_end_and_skips_days_off(room, browser_of):
    CalendarDay.objects.create(kind="bridge_day", label="Essai", starts_on="2026-12-04", ends_on="2026-12-04")
    made.homework(room, title="Dictée", due_on=FRIDAY, recurrence="weekly", until=date(2026, 12, 11))
    family = browser_of(HOST, room.guardians["Sophie"])
    mondays = ["2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
    shown = ["Dictée" in text(family.get(page("home") + f"?semaine={monday}")) for monday in mondays]
    assert shown == [False, True, False, True, False]


def days_of(recurrence: str, first: date, until: date) -> list[date]:
    one = Homework(due_on=first, recurrence=recurrence, until=until)
    return [day for n in range(200) if one.falls_on(day := first + timedelta(days=n))]


def test_a_fortnightly_homework_leaves_a_week_out():
    assert days_of("fortnightly", TUESDAY, date(2026, 12, 31)) == [TUESDAY, date(2026, 12, 8), date(2026, 12, 22)]


def test_a_monthly_homework_keeps_its_weekday_and_its_rank():
    second_tuesdays = [date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12)]
    assert days_of("monthly", second_tuesdays[0], date(2027, 1, 31)) == second_tuesdays
    last_tuesdays = [date(2026, 9, 29), date(2026, 10, 27), date(2026, 11, 24)]
    assert days_of("monthly", last_tuesdays[0], date(2026, 11, 30)) == last_tuesdays


def test_families_see_nothing_before_the_day_of_publication(room, browser_of, clock):
    later = made.homework(room, title="Surprise", due_on=FRIDAY, published_on=THURSDAY)
    family = browser_of(HOST, room.guardians["Sophie"])
    assert "Surprise" not in text(family.get(page("home")))
    assert family.get(page("homework", later.pk)).status_code == 404
    assert "Surprise" in week(room, browser_of(HOST, room.teacher))
    clock.move_to("2026-11-26 08:00:00+01:00")
    assert "Surprise" in text(browser_of(HOST, room.guardians["Sophie"]).get(page("home")))


def test_homework_of_some_children_is_not_shown_to_the_others(room, browser_of):
    one = made.homework(room, title="Relire", due_on=FRIDAY, pupils=[room.pupils["Noé"]])
    assert "Relire" in text(browser_of(HOST, room.guardians["Laure"]).get(page("home")))
    other = browser_of(HOST, room.guardians["Sophie"])
    assert "Relire" not in text(other.get(page("home")))
    assert other.get(page("homework", one.pk)).status_code == 404
    room.pupils["Noé"].person.delete()
    assert other.get(page("homework", one.pk)).status_code == 404


def test_homework_goes_to_children_of_the_class_only(room, browser_of):
    next_door = factories.next_class(room)
    typed = TYPED | {"pupils": [next_door.pupils["Noé"].pk]}
    assert browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), typed).status_code == 422
    assert not Homework.objects.exists()


def test_a_substitute_writes_within_their_dates(room, browser_of, clock):
    user = factories.account("Paul", "Brigade")
    StaffAssignment.objects.create(
        person=factories.person("Paul", "Brigade", user=user), role="substitute", school=room.school,
        school_class=room.school_class, starts_on=TUESDAY, ends_on=FRIDAY,
    )  # fmt: skip
    assert browser_of(HOST, user).post(page("write", room.school_class.pk), TYPED).status_code == 302
    clock.move_to("2026-11-27 09:00:00+01:00")
    browser_of(HOST, user).post(page("write", room.school_class.pk), TYPED)
    assert Homework.objects.count() == 1
    assert not user.has_perm("homework.write_homework", room.school_class)


def test_removing_can_be_undone(room, browser_of):
    one = made.homework(room, title="Dictée", due_on=FRIDAY)
    teacher, family = browser_of(HOST, room.teacher), browser_of(HOST, room.guardians["Sophie"])
    teacher.post(page("remove", one.pk))
    assert family.get(page("homework", one.pk)).status_code == 404
    assert page("restore", one.pk) in week(room, teacher)
    teacher.post(page("restore", one.pk))
    assert "Dictée" in text(family.get(page("home")))


def test_homework_is_given_again_with_its_words_and_new_days(room, browser_of):
    one = made.homework(room, title="Dictée", due_on=FRIDAY)
    shown = text(browser_of(HOST, room.teacher).get(page("write", room.school_class.pk) + f"?copie={one.pk}"))
    assert 'value="Dictée"' in shown and 'value="2026-11-26"' in shown


@pytest.mark.parametrize("query", ["copie=rien", "semaine=hier", "jour=demain"])
def test_an_address_that_says_nothing_sensible_is_no_fault(room, browser_of, query):
    browser = browser_of(HOST, room.teacher)
    assert browser.get(page("write", room.school_class.pk) + f"?{query}").status_code == 200
    assert browser.get(page("week", room.school_class.pk) + f"?{query}").status_code == 200


def test_the_head_sees_the_week_and_a_change_takes_the_visa_off(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    after = made.homework(room, due_on=date(2026, 12, 1))
    browser_of(HOST, room.head).post(page("visa", room.school_class.pk), {"semaine": "2026-11-23"})
    one.refresh_from_db()
    after.refresh_from_db()
    assert one.visa_by == room.head and after.visa_at is None
    browser_of(HOST, room.teacher).post(page("change", one.pk), TYPED)
    one.refresh_from_db()
    assert one.visa_at is None and one.visa_by is None


def test_the_year_is_kept_as_a_pdf(room, browser_of):
    made.homework(room, title="Le #strong[Cancre]", due_on=FRIDAY, recurrence="weekly", until=date(2026, 12, 11))
    answer = browser_of(HOST, room.head).get(page("archive", room.school_class.pk))
    assert answer.content.startswith(b"%PDF") and "cahier-de-textes-ce2" in answer.headers["Content-Disposition"]


def test_a_pupil_ticks_and_takes_it_back(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    browser = browser_of(HOST, made.pupil_account(room, "Inès"))
    assert "Lire page 12" in text(browser.get(page("home")))
    browser.post(page("tick", one.pk), {"jour": "2026-11-27", "fait": "oui"})
    assert Progress.objects.get().done_at is not None
    assert "1 enfant l’a fait" in week(room, browser_of(HOST, room.teacher))
    assert "C’est fait" in text(browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)))
    browser.post(page("tick", one.pk), {"jour": "2026-11-27", "fait": "non"})
    assert not Progress.objects.exists()


def test_a_pupil_ticks_only_for_a_day_it_is_due(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    browser = browser_of(HOST, made.pupil_account(room, "Inès"))
    assert browser.post(page("tick", one.pk), {"jour": "2026-11-26"}).status_code == 404
    assert not Progress.objects.exists()


def test_nobody_ticks_for_a_child(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    for user in (room.guardians["Sophie"], room.teacher, room.head):
        assert browser_of(HOST, user).post(page("tick", one.pk), {"jour": "2026-11-27"}).status_code == 403


def upload(content=samples.PNG, name="page.png"):
    return SimpleUploadedFile(name, content)


def read(browser, file) -> int:
    answer = browser.get(reverse("files:open", args=[file.pk], urlconf="config.urls.tenant"))
    if answer.status_code != 302:
        return answer.status_code
    served = Client(headers={"host": "fichiers.localhost"}).get(urlsplit(answer.url).path)
    assert b"".join(served.streaming_content)
    return served.status_code


def test_a_file_handed_in_is_read_by_the_teacher_and_the_family_not_by_other_families(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    pupil = made.pupil_account(room, "Inès")
    answer = browser_of(HOST, pupil).post(page("hand_in", one.pk), {"jour": "2026-11-27", "file": upload()})
    assert answer.status_code == 302
    file = StoredFile.objects.get()
    for user in (pupil, room.teacher, room.head, room.guardians["Sophie"]):
        assert read(browser_of(HOST, user), file) == 200, user
    for user in (room.guardians["Laure"], made.pupil_account(room, "Noé")):
        assert read(browser_of(HOST, user), file) == 404, user
    assert "1 fichier rendu" in week(room, browser_of(HOST, room.teacher))
    assert "page.png" in text(browser_of(HOST, room.teacher).get(page("follow", one.pk)))


def test_another_file_takes_the_place_of_the_first(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    browser = browser_of(HOST, made.pupil_account(room, "Inès"))
    for name in ("un.png", "deux.png"):
        browser.post(page("hand_in", one.pk), {"jour": "2026-11-27", "file": upload(name=name)})
    assert [file.name for file in StoredFile.objects.all()] == ["deux.png"]


def test_a_refused_file_says_why(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    typed = {"jour": "2026-11-27", "file": upload(samples.HTML, "a.html")}
    answer = browser_of(HOST, made.pupil_account(room, "Inès")).post(page("hand_in", one.pk), typed)
    assert answer.status_code == 422 and "n’est pas accepté" in text(answer)
    assert not Progress.objects.exists()


def test_the_instruction_is_listened_to(room, browser_of):
    typed = TYPED | {"spoken": SimpleUploadedFile("consigne.mp3", made.SOUND)}
    assert browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), typed).status_code == 302
    one, file = Homework.objects.get(), StoredFile.objects.get()
    for user in (made.pupil_account(room, "Inès"), room.guardians["Sophie"]):
        browser = browser_of(HOST, user)
        assert f'src="/fichiers/{file.pk}/"' in text(browser.get(page("homework", one.pk)))
        assert read(browser, file) == 200


def test_a_text_is_no_spoken_instruction(room, browser_of):
    typed = TYPED | {"spoken": SimpleUploadedFile("consigne.mp3", b"bonjour")}
    assert browser_of(HOST, room.teacher).post(page("write", room.school_class.pk), typed).status_code == 422


def test_the_teacher_tells_a_child_a_word_that_other_families_do_not_read(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    teacher = browser_of(HOST, room.teacher)
    typed = {"jour": "2026-11-27", "word": "Bravo, bien lu"}
    teacher.post(page("word", one.pk, room.pupils["Inès"].pk), typed)
    assert "Bravo, bien lu" in text(browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)))
    assert "Bravo, bien lu" not in text(browser_of(HOST, room.guardians["Laure"]).get(page("homework", one.pk)))
    teacher.post(page("word", one.pk, room.pupils["Inès"].pk), typed | {"word": ""})
    assert not Progress.objects.exists()


def test_an_adult_who_loses_the_parental_authority_loses_the_homework_at_once(room, browser_of):
    one = made.homework(room, due_on=FRIDAY)
    Guardianship.objects.filter(guardian__account=room.guardians["Karim"]).update(has_parental_authority=False)
    assert browser_of(HOST, room.guardians["Karim"]).get(page("homework", one.pk)).status_code == 404
    assert browser_of(HOST, room.guardians["Sophie"]).get(page("homework", one.pk)).status_code == 200


def tell():
    for entry in OutboxEntry.objects.filter(kind=notifications.FAMILIES, delivered_at=None).order_by("not_before"):
        notifications.tell_families(entry.payload)


def test_families_are_told_once_a_day_of_all_their_children_together(room):
    Enrollment.objects.filter(pupil=room.pupils["Noé"]).update(school_class=factories.next_class(room).school_class)
    Guardianship.objects.create(pupil=room.pupils["Noé"], guardian=room.guardians["Sophie"].person)
    made.homework(room, due_on=FRIDAY)
    made.homework(room, due_on=FRIDAY, title="Dictée")
    assert OutboxEntry.objects.filter(kind=notifications.FAMILIES).count() == 1
    tell()
    tell()
    told = Notification.objects.filter(user=room.guardians["Sophie"])
    assert [one.title for one in told] == ["Inès · 2 nouveaux devoirs"]


def test_what_is_written_in_the_evening_is_told_the_day_after(room, clock):
    clock.move_to("2026-11-24 18:00:00+01:00")
    made.homework(room, due_on=FRIDAY)
    assert OutboxEntry.objects.get(kind=notifications.FAMILIES).payload == {"day": "2026-11-25"}


def test_what_was_removed_meanwhile_is_not_told(room):
    services.remove_homework(actor=room.teacher, homework=made.homework(room, due_on=FRIDAY))
    tell()
    assert not Notification.objects.exists()


def test_homework_of_one_child_is_told_to_its_family_alone(room):
    made.homework(room, due_on=FRIDAY, pupils=[room.pupils["Aya"]])
    tell()
    assert {one.user for one in Notification.objects.all()} == {room.guardians["Samia"]}


def test_an_erased_child_leaves_neither_file_nor_row(room):
    one = made.homework(room, due_on=FRIDAY)
    pupil = made.pupil_account(room, "Inès")
    services.hand_in(actor=pupil, homework=one, day=FRIDAY, upload=upload())
    child = room.pupils["Inès"]
    [work] = registry.works["homework"](child.person_id)
    assert work.files[0][0] == "page.png"
    registry.erasers["homework"](Erased(frozenset({child.person_id}), frozenset({child.pk}), frozenset({pupil.pk})))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"due_on": date(2026, 11, 20)},
        {"recurrence": "weekly"},
        {"until": date(2026, 12, 11)},
        {"minutes": 0},
        {"visa_by": True},
    ],
    ids=["due before given", "no end", "once with an end", "no minute", "visa without a date"],
)
def test_the_database_keeps_the_facts_together(room, facts):
    one = made.homework(room, due_on=FRIDAY)
    facts = facts | ({"visa_by": room.head} if "visa_by" in facts else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Homework.objects.filter(pk=one.pk).update(**facts)


@pytest.mark.parametrize("name", ["teacher's week", "family", "pupil", "follow", "classes"])
def test_pages_cost_the_same_with_more_homework_and_more_children(room, browser_of, name):
    one = made.homework(room, due_on=FRIDAY)
    factories.next_class(room)
    users = {"family": room.guardians["Sophie"], "pupil": made.pupil_account(room, "Inès"), "classes": room.head}
    urls = {"teacher's week": page("week", room.school_class.pk), "follow": page("follow", one.pk)}
    browser, url = browser_of(HOST, users.get(name, room.teacher)), urls.get(name, page("home"))

    def queries() -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    before = queries()
    for n in range(5):
        factories.add_family(room, f"Enfant{n}", "Fabre", ["Aurélie"], prefix=f"plus{n}-")
        made.homework(room, due_on=FRIDAY, title=f"Leçon {n}", pupils=[room.pupils["Inès"]])
    assert queries() == before <= 14


@pytest.mark.parametrize("name", ["homework", "follow", "change"])
def test_homework_of_narbonne_does_not_exist_at_lezignan(room, lezignan, browser_of, name):
    one = made.homework(room, due_on=FRIDAY)
    with in_schema(lezignan.schema_name):
        elsewhere = factories.classroom()
    browser = browser_of("lezignan-corbieres.localhost", elsewhere.teacher)
    assert browser.get(page(name, one.pk)).status_code == 404


def test_programs_read_what_their_owner_sees(room, browser_of):
    made.homework(room, due_on=FRIDAY, pupils=[room.pupils["Noé"]])
    assert len(browser_of(HOST, room.guardians["Laure"]).get("/api/v1/homework/").json()["results"]) == 1
    assert browser_of(HOST, room.guardians["Sophie"]).get("/api/v1/homework/").json()["results"] == []


def test_the_week_of_a_weekend_is_the_one_that_comes():
    assert Week.of(date(2026, 11, 28)).monday == date(2026, 11, 30)
    assert Week.of(FRIDAY).monday == date(2026, 11, 23)


def test_the_calendar_of_a_family_shows_what_is_due_for_its_child(room):
    made.homework(room, due_on=FRIDAY, recurrence="weekly", until=date(2026, 12, 11))
    made.homework(room, due_on=FRIDAY, title="Relire", pupils=[room.pupils["Noé"]])
    child, place = room.pupils["Inès"].pk, room.school_class.pk
    ask = AgendaAsk(room.guardians["Sophie"], TUESDAY, date(2026, 12, 6), {child: place}, frozenset({place}))
    lines = list(registry.agenda_sources["homework"](ask))
    assert [line.day for line in lines] == [FRIDAY, date(2026, 12, 4)]
    assert {line.title for line in lines} == {"Lecture · Lire page 12"}
    assert {line.pupils for line in lines} == {(child,)}
    assert {line.detail for line in lines} == {""}


def test_the_calendar_of_a_head_says_whose_homework_it_is(room):
    made.homework(room, due_on=FRIDAY)
    ask = AgendaAsk(room.head, TUESDAY, date(2026, 12, 6), {}, frozenset({room.school_class.pk}))
    (line,) = registry.agenda_sources["homework"](ask)
    assert line.detail == room.school_class.label
