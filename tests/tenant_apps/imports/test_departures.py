"""Nobody leaves by being forgotten: a person says who, types the number when they are many, and may take it back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import DomainError
from shared_apps.audit.models import Entry
from tenant_apps.imports import departures, services
from tenant_apps.imports.models import ImportPlan
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Enrollment, Pupil
from tests.tenant_apps.imports.test_pages import HOST, text_of
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db
ONE_CLASS = [("CM2 M. Pujol", [("CM2", 26)])]


@pytest.fixture
def browser(browser_of, head):
    return browser_of(HOST, user=head)


@pytest.fixture
def sample(head, school) -> list[bytes]:
    """The lines of a file of 26 pupils of one class, already imported."""
    data = make_onde(ONE_CLASS, seed=5).pupils
    load(head, school, data)
    Enrollment.objects.update(starts_on=timezone.localdate() - timedelta(days=40))
    return data.split(b"\r\n")


def without(lines: list[bytes], count: int) -> bytes:
    return b"\r\n".join([lines[0], *lines[1 + count :]])


def absent(made: ImportPlan) -> list[str]:
    return [str(pk) for pk in made.lines.filter(status="left").values_list("pk", flat=True)]


def open_enrolments() -> int:
    return Enrollment.objects.on().count()


def test_those_whom_the_file_forgets_stay_when_nobody_says_that_they_left(head, school, sample):
    made = load(head, school, without(sample, 3))
    assert made.counts["left"] == 3
    assert open_enrolments() == 26


def test_one_ticked_pupil_leaves_with_the_rest_and_the_others_stay(browser, head, school, sample):
    made = plan(head, school, without(sample, 3))
    url, keys = made.get_absolute_url(), absent(made)
    answer = browser.post(f"{url}departs/", {"montres": keys, "partis": keys[:1]}, follow=True)
    assert "1 départ noté" in text_of(answer)
    assert "« Appliquer » enregistrera : 1 départ" in text_of(answer)
    assert open_enrolments() == 26  # nothing before « Appliquer »
    browser.post(f"{url}appliquer/")
    assert open_enrolments() == 25
    gone = Pupil.objects.get(withdrawn_on=timezone.localdate())
    assert gone.pk == made.lines.get(pk=keys[0]).match_id
    assert Entry.objects.get(action="imports.applied", object_id=str(made.pk)).facts["left"] == 1


def test_a_tick_taken_away_keeps_the_pupil(browser, head, school, sample):
    made = plan(head, school, without(sample, 2))
    url, keys = made.get_absolute_url(), absent(made)
    browser.post(f"{url}departs/", {"montres": keys, "partis": keys})
    browser.post(f"{url}departs/", {"montres": keys, "partis": keys[:1]})
    browser.post(f"{url}appliquer/", {"confirmation": "1"})
    assert open_enrolments() == 25


@pytest.mark.parametrize(
    ("typed", "left"),
    [("", 26), ("3", 26), ("Arago", 26), ("2", 24), ("lakanal", 24)],
    ids=["nothing", "another number", "another school", "the number", "the school"],
)
def test_above_one_in_twenty_the_head_types_the_number_or_the_school(browser, head, school, sample, typed, left):
    made = plan(head, school, without(sample, 2))
    url = made.get_absolute_url()
    asked = browser.post(f"{url}departs/", {"tous": "1"}, follow=True)
    assert "tapez ce nombre ou le nom de l’école" in text_of(asked)
    answer = browser.post(f"{url}appliquer/", {"confirmation": typed}, follow=True)
    assert open_enrolments() == left
    assert ("2 élèves seraient retirés" in text_of(answer)) == (left == 26)


@pytest.mark.parametrize(
    ("enrolled", "count", "asks"),
    [(20, 1, False), (20, 2, True), (100, 5, False), (100, 6, True), (400, 10, False), (400, 11, True)],
)
def test_the_smaller_of_ten_pupils_and_five_per_cent_is_many(school, monkeypatch, enrolled, count, asks):
    monkeypatch.setattr(Enrollment.objects, "on", lambda: Counted(enrolled))
    assert departures.wants_confirmation(school, count) is asks


class Counted:
    def __init__(self, number: int) -> None:
        self.number = number

    def filter(self, **_conditions) -> "Counted":
        return self

    def count(self) -> int:
        return self.number


def test_a_file_of_one_class_proposes_nobody_of_the_others(head, school, sample):
    other = make_onde([("CP Mme Maury", [("CP", 12)])], seed=6).pupils.replace(b"900001", b"900009")
    assert plan(head, school, other).counts["left"] == 0


def test_a_departure_is_undone_as_if_the_child_had_never_left(browser, head, school, sample):
    made = plan(head, school, without(sample, 1))
    services.mark_departures(actor=head, plan=made, keys=absent(made), gone=True)
    before = list(Enrollment.objects.order_by("pk").values_list("pk", "school_class", "starts_on", "ends_on"))
    services.apply_plan(actor=head, plan=made)
    page = text_of(browser.get("/imports/departs/"))
    name = made.lines.get(status="left").name
    assert name in page
    row = Enrollment.objects.get(ends_on__isnull=False)
    answer = browser.post(f"/imports/departs/{row.pk}/annuler/", follow=True)
    assert f"{name} est de nouveau en CM2 M. Pujol." in text_of(answer)
    assert before == list(Enrollment.objects.order_by("pk").values_list("pk", "school_class", "starts_on", "ends_on"))
    assert not Pupil.objects.exclude(withdrawn_on=None).exists()


@pytest.mark.parametrize(("days", "is_undone"), [(30, True), (31, False)])
def test_a_departure_is_undone_for_thirty_days(browser, head, school, sample, days, is_undone):
    day = timezone.localdate() - timedelta(days=days)
    row = Enrollment.objects.first()
    Enrollment.objects.filter(pk=row.pk).update(ends_on=day)
    Pupil.objects.filter(pk=row.pupil_id).update(withdrawn_on=day)
    assert (row.pupil.person.full_name in text_of(browser.get("/imports/departs/"))) is is_undone
    browser.post(f"/imports/departs/{row.pk}/annuler/")
    assert (open_enrolments() == 26) is is_undone


def test_who_is_back_in_a_class_is_not_brought_back_twice(head, school, sample):
    row = Enrollment.objects.first()
    Enrollment.objects.filter(pk=row.pk).update(ends_on=timezone.localdate())
    facts = {"school_class": row.school_class, "grade": row.grade, "starts_on": timezone.localdate()}
    Enrollment.objects.create(pupil=row.pupil, **facts)
    with pytest.raises(DomainError, match="déjà revenu"):
        departures.undo_departure(actor=head, enrollment=row)


def test_strange_keys_in_the_form_mark_nobody(browser, head, school, sample):
    made = plan(head, school, without(sample, 2))
    browser.post(f"{made.get_absolute_url()}departs/", {"montres": ["x", "'--"], "partis": ["y"]})
    assert not made.lines.departures().exists()
