"""All or nothing, once, and at the same cost whatever the size of the school."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.imports import apply_guardians, apply_pupils, services
from tenant_apps.imports.samples import make_onde
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil
from tenant_apps.schools.models import School, SchoolClass
from tests.tenant_apps.imports import files
from tests.tenant_apps.imports.test_services import load, plan

pytestmark = pytest.mark.django_db
TABLES = (User, Person, Pupil, Enrollment, Guardianship, SchoolClass)
TWO_CLASSES = [("CE1 Mme Roux", [("CE1", 12)]), ("CM2 M. Pujol", [("CM2", 10)])]


def state() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in TABLES]


@pytest.mark.parametrize("step", ["insert_accounts", "write_people", "_enrol"])
def test_a_failure_half_way_leaves_the_school_as_it_was(head, school, monkeypatch, step):
    load(head, school, files.pupils(files.INES))
    before = state()
    made = plan(head, school, make_onde(TWO_CLASSES, seed=9).pupils)

    def fail(*args, **kwargs):
        raise RuntimeError("cut")

    monkeypatch.setattr(apply_pupils, step, fail)
    with pytest.raises(RuntimeError, match="cut"):
        services.apply_plan(actor=head, plan=made)
    assert state() == before
    made.refresh_from_db()
    assert made.is_ready
    assert not made.lines.filter(is_applied=True).exists()


def test_a_failure_of_the_families_leaves_no_adult(head, school, monkeypatch):
    sample = make_onde(TWO_CLASSES, seed=9)
    load(head, school, sample.pupils)
    before = state()
    made = plan(head, school, sample.guardians)
    monkeypatch.setattr(apply_guardians, "separate_siblings", lambda pupils: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.apply_plan(actor=head, plan=made)
    assert state() == before


def test_what_the_review_announced_is_what_is_written(head, school):
    sample = make_onde(TWO_CLASSES, seed=9)
    made = plan(head, school, sample.pupils)
    written = services.apply_plan(actor=head, plan=made)
    assert written["created"] == made.counts["created"] == Pupil.objects.count() == 22


def test_the_six_encodings_of_one_file_change_nothing_after_the_first(head, school):
    text = make_onde(TWO_CLASSES, seed=9).pupils.decode("iso-8859-1")
    load(head, school, text.encode("iso-8859-1"))
    before = state()
    for encoding in ("iso-8859-15", "cp1252", "utf-8", "utf-8-sig"):
        assert load(head, school, text.encode(encoding)).counts["unchanged"] == 22
    assert state() == before


def test_an_import_leaves_counts_in_the_audit_and_asks_for_the_figures_once(head, school):
    load(head, school, make_onde(TWO_CLASSES, seed=9).pupils)
    entry = Entry.objects.get(action="imports.applied")
    assert entry.facts == {"waiting": 0, "created": 22, "updated": 0, "moved": 0, "left": 0}
    assert OutboxEntry.objects.filter(kind="statistics.roll_up").count() == 1


def test_an_import_costs_the_same_number_of_queries_whatever_the_school(head, school):
    def cost(uai: str, classes) -> tuple[int, int]:
        other = School.objects.create(uai=uai, name=uai, kind=School.Kind.ELEMENTARY)
        head.person.assignments.create(role="head", school=other, starts_on="2020-09-01")
        sample = make_onde(classes, seed=int(uai[3:7]))
        with CaptureQueriesContext(connection) as pupils:
            load(head, other, sample.pupils)
        with CaptureQueriesContext(connection) as guardians:
            load(head, other, sample.guardians)
        return len(pupils), len(guardians)

    few, many = cost("0110001A", TWO_CLASSES), cost("0110002B", files.SCHOOL_OF_300)
    for small, large in zip(few, many, strict=True):
        assert large <= small + 8  # at most one UPDATE for each cover that a brother or sister changes
