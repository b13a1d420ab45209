"""Hundreds of values as one parameter find the rows that `IN (…)` finds, whatever they are written with."""

import pytest

from core.many import many
from tenant_apps.people.models import Enrollment, Person
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db

STRANGE = ['D"Arc', "Ab\\cd", "{a,b}", "O'Brien", "NULL", "", " Le  Goff ", "Émile %s", "a\tb\nc"]


@pytest.fixture
def room(in_narbonne):
    return factories.classroom()


def test_texts_are_found_as_they_are_written(in_narbonne):
    for text in STRANGE:
        Person.objects.create(first_name="Ana", birth_name="Serra", city=text)
    Person.objects.create(first_name="Ana", birth_name="Serra", city="a")
    assert set(Person.objects.filter(city__many=many(STRANGE)).values_list("city", flat=True)) == set(STRANGE)
    assert Person.objects.filter(city__many=many(["null", "{}"])).count() == 0


def test_keys_too_of_the_row_or_of_another(room):
    pupils = list(Enrollment.objects.values_list("pupil", flat=True))
    assert len(pupils) > 1
    assert Enrollment.objects.filter(pupil__many=many(pupils[:1])).get().pupil_id == pupils[0]
    assert Enrollment.objects.filter(pupil__pk__many=many(map(str, pupils))).count() == len(pupils)


def test_nothing_finds_nothing(room):
    assert not Person.objects.filter(pk__many=many([])).exists()
    assert not Person.objects.filter(sort_name__many=many([])).exists()
