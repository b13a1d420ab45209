"""Schools, years and classes."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import DomainError
from shared_apps.audit.models import Entry
from tenant_apps.schools import services
from tenant_apps.schools.models import Grade, School, SchoolClass, SchoolYear
from tests.tenant_apps.people.factories import Town, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(in_narbonne) -> Town:
    return town()


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 9, 1), "2026-2027"),
        (date(2027, 2, 1), "2026-2027"),
        (date(2027, 8, 31), "2026-2027"),
        (date(2027, 9, 1), "2027-2028"),
        (date(2026, 8, 20), "2026-2027"),  # opened in August: the year that comes
    ],
)
def test_the_summer_belongs_to_the_year_that_ends_but_for_a_commune_that_has_none(in_narbonne, day, label):
    for start in (2026, 2027):
        services.open_year(actor=None, start=start)
    assert services.current_year(day).label == label
    school = services.add_school(actor=None, uai="0110427E", name="Lakanal", kind=School.Kind.PRIMARY)
    for year in SchoolYear.objects.all():
        SchoolClass.objects.create(school=school, year=year, label="CE2")
    assert SchoolClass.objects.current(day).get().year.label == label


def test_without_a_school_year_one_is_told_so(in_narbonne):
    with pytest.raises(DomainError, match="Aucune année scolaire"):
        services.current_year()


def test_opening_a_year_or_a_school_twice_changes_nothing(in_narbonne):
    for _turn in range(2):
        services.open_year(actor=None, start=2026)
        services.add_school(actor=None, uai="0110427E", name="Lakanal", kind=School.Kind.PRIMARY)
    assert (SchoolYear.objects.count(), School.objects.count(), Entry.objects.count()) == (1, 1, 2)


def test_a_head_opens_a_class_and_nobody_else(made):
    services.add_class(actor=made.user("Martine"), school=made.schools["Lakanal"], label="  CE1   Mme Lopez ")
    assert SchoolClass.objects.get(label="CE1 Mme Lopez").school == made.schools["Lakanal"]
    for who in ("Claire", "Solange", "Sophie", "Jean"):
        with pytest.raises(PermissionDenied):
            services.add_class(actor=made.user(who), school=made.schools["Lakanal"], label="CP")


def test_two_classes_of_a_year_do_not_bear_the_same_name(made):
    with pytest.raises(DomainError, match="déjà une classe de ce nom"):
        services.add_class(actor=made.user("Martine"), school=made.schools["Lakanal"], label="CE2")


@pytest.mark.parametrize("uai", ["0110427", "011042EE", "0110427e", ""])
def test_the_database_refuses_a_number_that_is_not_a_uai(in_narbonne, uai):
    with pytest.raises(IntegrityError), transaction.atomic():
        School.objects.create(uai=uai, name="?", kind=School.Kind.PRIMARY)


@pytest.mark.parametrize(
    ("grade", "cycle", "reads"),
    [("TPS", 1, False), ("GS", 1, False), ("CP", 2, False), ("CE1", 2, True), ("CE2", 2, True), ("CM2", 3, True)],
)
def test_a_grade_tells_its_cycle_and_whether_one_reads(grade, cycle, reads):
    assert (Grade(grade).cycle, Grade(grade).is_reader) == (cycle, reads)
