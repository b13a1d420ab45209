"""Rows written at once are the rows that `save` would have written."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.bulk import insert
from shared_apps.accounts.models import User
from tenant_apps.imports.models import ImportLine, ImportPlan
from tenant_apps.people.models import Person, Pupil
from tenant_apps.schools.models import School

pytestmark = pytest.mark.django_db
NAMES = ["D’Alméida", 'Le "Goff"', "N'Guyen", "A\\B", "%s {}", "Zoé\n", "Œuvrard"]


def people() -> list[Person]:
    rows = [Person(first_name="Inès", birth_name=name, birth_date=date(2018, 3, 14)) for name in NAMES]
    for row in rows:
        row.sort_name = row.make_sort_name()
    return rows


def test_texts_dates_and_nothing_come_back_as_they_were(in_narbonne):
    written = insert(Person, people())
    for row in written:
        back = Person.objects.get(pk=row.pk)
        fields = [field.attname for field in Person._meta.concrete_fields]
        assert [getattr(back, name) for name in fields] == [getattr(row, name) for name in fields]
    assert written[0].account_id is None
    assert not written[0]._state.adding


def test_moments_keep_their_microseconds_and_json_its_shape(in_narbonne):
    school = School.objects.create(uai="0110427E", name="Lakanal", kind=School.Kind.ELEMENTARY)
    user = User.objects.create(identifier="m.calas", first_name="Martine", last_name="Calas", password="!")
    plan = ImportPlan(school=school, kind="onde_pupils", file_name="é.csv", created_by=user, counts={"created": 2})
    plan.applied_at = timezone.now().replace(microsecond=123456)
    insert(ImportPlan, [plan])
    data = {"name": "D’Alméida", "none": None, "list": [1, {"a": True}], "empty": {}}
    insert(ImportLine, [ImportLine(plan=plan, status="created", data=data)])
    back = ImportPlan.objects.get()
    assert back.applied_at == plan.applied_at
    assert back.created_at == plan.created_at
    assert back.counts == {"created": 2}
    assert back.lines.get().data == data


def test_it_costs_one_statement_and_none_for_nothing(in_narbonne):
    with CaptureQueriesContext(connection) as seen:
        insert(Person, people())
        insert(Person, [])
    assert len(seen) == 1


def test_constraints_hold_as_elsewhere(in_narbonne):
    one, two, *_rest = insert(Person, people())
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Pupil, [Pupil(person=one, ine="000000001AA"), Pupil(person=two, ine="000000001AA")])
    assert not Pupil.objects.exists()
