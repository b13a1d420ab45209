"""From the date on families read; on the first day what was prepared is in force, with nobody pressing anything."""

from datetime import date

import pytest
from django.utils import timezone

from shared_apps.notifications import outbox
from shared_apps.notifications.models import Notification
from tenant_apps.imports import services as imports
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.people.services import end_enrollment
from tenant_apps.schools.models import SchoolClass
from tenant_apps.year_change import services
from tenant_apps.year_change.tasks import turn
from tests.tenant_apps.imports.files import INES, pupils
from tests.tenant_apps.year_change.test_board import place, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def dated(made, draft, browse):
    answer = browse("Martine").post(f"{draft.get_absolute_url()}publier/", {"day": "2027-07-01", "hour": "18:00"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    return draft


def test_families_read_from_the_hour_on_and_are_told_once(made, dated, browse, clock):
    outbox.deliver_due()
    assert "2027-2028" not in browse("Sophie").get("/annee-prochaine/classes/").text
    clock.move_to("2027-07-01 17:59:59+02:00")
    assert "2027-2028" not in browse("Sophie").get("/annee-prochaine/classes/").text
    clock.move_to("2027-07-01 18:00:01+02:00")
    outbox.deliver_due()
    outbox.deliver_due()
    page = browse("Sophie").get("/annee-prochaine/classes/").text
    assert "Inès en 2027-2028" in page and "M. Pujol" in page and "Noé" not in page
    titles = Notification.objects.filter(kind="year_change.class")
    assert [row.title for row in titles.filter(user=made.user("Sophie"))] == [
        "Inès · Sa classe de 2027-2028 est connue"
    ]
    # Karim is without the parental authority: what the school writes is not for him.
    assert not titles.filter(user=made.user("Karim")).exists()


def test_the_home_page_of_a_family_says_the_class_once_it_is_known(made, dated, browse, clock):
    assert "Sa classe de 2027-2028" not in browse("Sophie").get("/").text
    clock.move_to("2027-07-02 09:00:00+02:00")
    page = browse("Sophie").get("/")
    assert page.status_code == 200 and "Sa classe de 2027-2028 : CM1" in page.text


def test_a_pupil_reads_its_own_class(made, dated, browse, clock):
    clock.move_to("2027-07-02 09:00:00+02:00")
    page = browse("Inès").get("/annee-prochaine/classes/").text
    assert "CM1" in page and "Noé" not in page


def test_a_date_taken_back_tells_nobody(made, dated, browse, clock):
    browse("Martine").post(f"{dated.get_absolute_url()}ne-plus-publier/")
    clock.move_to("2027-07-02 09:00:00+02:00")
    outbox.deliver_due()
    assert not Notification.objects.filter(kind="year_change.class").exists()
    assert "2027-2028" not in browse("Sophie").get("/annee-prochaine/classes/").text


def test_what_families_have_read_is_not_taken_back(made, dated, browse, clock):
    clock.move_to("2027-07-02 09:00:00+02:00")
    page = browse("Martine").post(f"{dated.get_absolute_url()}ne-plus-publier/", follow=True)
    assert "Les familles ont déjà lu ces classes" in page.text


@pytest.mark.parametrize(
    ("day", "words"), [("2027-09-02", "Choisissez une date avant la rentrée."), ("", "obligatoire")]
)
def test_a_wrong_date_is_said(made, draft, browse, day, words):
    page = browse("Martine").post(f"{draft.get_absolute_url()}publier/", {"day": day, "hour": "18:00"})
    assert page.status_code == 422 and words in page.text


def test_on_the_first_day_pupils_and_teachers_change_class_alone(made, dated, clock):
    clock.move_to("2027-08-31 23:50:00+02:00")
    turn()
    assert made.pupils["Inès"].enrollments.on().get().school_class == made.classes["CE2"]
    clock.move_to("2027-09-01 00:10:00+02:00")
    turn()
    turn()
    rows = list(made.pupils["Inès"].enrollments.order_by("starts_on"))
    assert [(r.school_class.label, r.grade, r.ends_on) for r in rows] == [
        ("CE2", "CE2", date(2027, 9, 1)),
        ("CM1", "CM1", None),
    ]
    assert rows[1].starts_on == date(2027, 9, 1) and rows[1].school_class.year.label == "2027-2028"
    assert [c.label for c in SchoolClass.objects.taught_by(made.user("Joan"))] == ["CM1"]
    assert StaffAssignment.objects.on().get(person=made.people["Paul"]).role == "support_assistant"


def test_who_leaves_has_no_class_any_more(made, clock):
    draft = services.prepare(actor=made.user("Solange"), school=made.schools["Arago"])
    draft.publishes_at = timezone.now()
    draft.save()
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    tom = made.pupils["Tom"]
    tom.refresh_from_db()
    assert not tom.enrollments.on().exists()
    assert tom.withdrawn_on == date(2027, 9, 1)


def test_who_is_not_placed_keeps_a_right_until_last_year_closes(made, dated, clock):
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    assert made.pupils["Noé"].enrollments.on().exists()
    clock.move_to("2027-10-31 12:00:00+01:00")
    turn()
    assert made.pupils["Noé"].enrollments.on().exists()
    clock.move_to("2027-11-01 06:00:00+01:00")
    turn()
    assert made.pupils["Noé"].enrollments.get().ends_on == date(2027, 11, 1)


def test_a_board_without_a_date_is_never_applied(made, draft, clock):
    clock.move_to("2027-09-02 06:00:00+02:00")
    turn()
    assert made.pupils["Inès"].enrollments.on().get().school_class == made.classes["CE2"]


def test_a_pupil_struck_off_in_july_does_not_come_back(made, dated, clock):
    clock.move_to("2027-07-10 09:00:00+02:00")
    end_enrollment(actor=made.user("Martine"), pupil=made.pupils["Inès"])
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    assert not made.pupils["Inès"].enrollments.on().exists()


def test_a_pupil_sent_by_a_nursery_is_received_and_enrolled(made, draft, browse, clock):
    arago = made.schools["Arago"]
    arago.kind = "nursery"
    arago.save()
    made.pupils["Tom"].enrollments.update(grade="GS")
    other = services.prepare(actor=made.user("Solange"), school=arago)
    to = f"leaves:{made.schools['Lakanal'].pk}"
    services.move(actor=made.user("Solange"), draft=other, placements=[place(other, "Tom").pk], to=to)
    other.publishes_at = timezone.now()
    other.save()
    browser = browse("Martine")
    assert "1 envoyé par une autre école" in browser.get(draft.get_absolute_url()).text
    browser.post(f"{draft.get_absolute_url()}completer/")
    chosen = {"placement": [place(draft, "Tom").pk], "to": str(room(draft, "CE2").pk)}
    browser.post(f"{draft.get_absolute_url()}deplacer/", chosen)
    draft.refresh_from_db()
    draft.publishes_at = timezone.now()
    draft.save()
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    lasting = made.pupils["Tom"].enrollments.get(ends_on=None)
    assert (lasting.school_class.school, lasting.grade) == (made.schools["Lakanal"], "CP")


def test_last_years_class_stays_readable_until_its_date(made, dated, browse, clock):
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    page = browse("Sophie").get("/annee-prochaine/classes/").text
    assert "Inès en 2026-2027" in page and "Mme Vidal" in page and "31 octobre" in page
    clock.move_to("2027-11-01 09:00:00+01:00")
    assert "2026-2027" not in browse("Sophie").get("/annee-prochaine/classes/").text


def test_the_september_file_of_onde_finds_the_same_classes(made, dated, clock):
    clock.move_to("2027-09-01 06:00:00+02:00")
    turn()
    before = Enrollment.objects.count()
    clock.move_to("2027-09-06 09:00:00+02:00")
    data = pupils(INES | {"Niveau": "CM1", "Libellé classe": "CM1"})
    plan = imports.make_plan(
        actor=made.user("Martine"), school=made.schools["Lakanal"], file_name="eleves.csv", data=data
    )
    line = plan.lines.exclude(number=None).get()
    assert str(line.match_id) == str(made.pupils["Inès"].pk)
    assert "school_class" not in line.changes
    imports.apply_plan(actor=made.user("Martine"), plan=plan)
    assert Enrollment.objects.count() == before
    assert SchoolClass.objects.filter(year__label="2027-2028").count() == 2
