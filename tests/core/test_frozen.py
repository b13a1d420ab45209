"""A query built once answers as the queryset does, for other arguments, another day, another commune."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, F, Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.frozen import frozen, unprepared
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment, Guardianship, Person
from tenant_apps.schools.models import School
from tests.core.queries import children
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(in_narbonne):
    return factories.classroom()


@frozen
def named(key: UUID, first_name: str) -> QuerySet[Person]:
    return Person.objects.filter(pk=key, first_name=first_name)


def test_rows_are_those_of_the_queryset_for_each_argument_with_what_is_joined(room, django_assert_num_queries):
    for name in ("Sophie", "Karim"):
        user = room.guardians[name]
        links = Guardianship.objects.of(user).values("pupil")
        expected = list(Enrollment.objects.filter(pupil__in=links))
        assert expected
        with django_assert_num_queries(1):
            found = children(user)
            assert [row.pupil.person.first_name for row in found]
            assert found[0].school_class.school.name == room.school.name
        assert found == expected


@frozen
def described() -> QuerySet[Person]:
    return Person.objects.annotate(n=Count("account__devices")).select_related("account").order_by("pk")


@frozen
def entries() -> QuerySet[Entry]:
    return Entry.objects.order_by("sequence")


def test_a_row_has_all_that_the_queryset_gives_it(room, django_assert_num_queries):
    record(actor=room.head, action="test.read", obj=room.head, count=3)
    for query in (described, entries):
        expected = list(query.__wrapped__())
        assert len(expected) > 0
        for row, other in zip(query(), expected, strict=True):
            assert _facts(row) == _facts(other)
    with django_assert_num_queries(1):
        assert {row.account and row.account.identifier for row in described()} >= {room.head.identifier, None}


def _facts(row: Model) -> dict[str, Any]:
    joined = {name: one and vars(one) | {"_state": None} for name, one in row._state.fields_cache.items()}
    return vars(row) | {"_state": vars(row._state) | {"fields_cache": joined}}


def test_a_call_builds_nothing_anew(room, monkeypatch):
    monkeypatch.setattr("core.frozen.Frozen.is_checked", False)
    built = []

    @frozen
    def counted(user: User) -> QuerySet[Person]:
        built.append(user)
        return Person.objects.filter(account=user)

    for name in ("Sophie", "Karim", "Sophie"):
        assert [row.account for row in counted(room.guardians[name])] == [room.guardians[name]]
    assert len(built) == 1


def test_today_is_the_day_of_the_call(room, time_machine):
    assert children(room.guardians["Sophie"])
    Enrollment.objects.update(ends_on=timezone.localdate() + timedelta(days=1))
    assert children(room.guardians["Sophie"])
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert not children(room.guardians["Sophie"])


def test_each_commune_reads_its_own_rows(room, lezignan):
    assert children(room.guardians["Sophie"])
    with in_schema(lezignan.schema_name):
        assert not children(room.guardians["Sophie"])


def test_somebody_seen_by_another_s_eyes_is_asked_anew(room):
    user = room.guardians["Sophie"]
    assert children(user)
    seen = User.objects.get(pk=user.pk)
    seen.is_narrowed, seen.seen_by_schools = True, []
    assert children(seen) == []
    assert children(user)


def test_values_and_names_are_lists_too(room):
    @frozen
    def names(user: User) -> QuerySet:
        own = Person.objects.filter(account=user)
        return (
            own.annotate(last=F("birth_name"))
            .values_list("first_name", "last")
            .union(Person.objects.filter(account=user).values_list("birth_name", "first_name"))
        )

    user = room.guardians["Sophie"]
    person = Person.objects.get(account=user)
    mine = {(person.first_name, person.birth_name), (person.birth_name, person.first_name)}
    assert set(names(user)) == mine


def test_a_text_that_could_close_the_query_is_only_a_text(room):
    person = Person.objects.get(account=room.guardians["Sophie"])
    assert named(person.pk, person.first_name) == [person]
    assert named(person.pk, "' OR 1=1 --") == []
    assert named(uuid4(), "%s") == []


def test_what_depends_on_the_hour_fails_in_the_tests(room):
    @frozen
    def late(user: User) -> QuerySet[User]:
        return User.objects.filter(pk=user.pk, created_at__lt=timezone.now())

    with pytest.raises(AssertionError, match="More than its arguments"):
        late(room.head)

    @frozen
    def on_time(user: User, now: datetime) -> QuerySet[User]:
        return User.objects.filter(pk=user.pk, created_at__lt=now)

    assert on_time(room.head, timezone.now() + timedelta(days=1)) == [room.head]
    assert on_time(room.head, timezone.now() - timedelta(days=9000)) == []


def test_an_argument_that_is_not_sent_as_it_is_given_is_refused(room):
    @frozen
    def beginning(text: str) -> QuerySet[Person]:
        return Person.objects.filter(first_name__startswith=text)

    with pytest.raises(TypeError, match="Arguments"):
        beginning("So")

    @frozen
    def unused(day: date) -> QuerySet[Person]:
        return Person.objects.all()

    with pytest.raises(TypeError, match="Arguments"):
        unused(timezone.localdate())


@frozen
def of_school(school: School, *, grade: str = "") -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(school_class__school=school).order_by("pupil__person__sort_name", "pk")
    return rows.filter(grade=grade) if grade else rows


def test_what_is_said_by_name_makes_another_query(room):
    assert of_school(room.school) == list(Enrollment.objects.order_by("pupil__person__sort_name", "pk"))
    grade = of_school(room.school)[0].grade
    assert of_school(room.school, grade=grade) == [row for row in of_school(room.school) if row.grade == grade]
    assert of_school(room.school, grade="GS" if grade != "GS" else "PS") == []


def test_pages_of_a_list_are_counted_and_taken(room, django_assert_num_queries):
    everyone = of_school(room.school)
    pages = Paginator(of_school.in_pages(room.school), 2)
    with django_assert_num_queries(2):
        assert list(pages.page(1)) == everyone[:2]
        assert pages.count == len(everyone)
    assert list(pages.get_page(pages.num_pages)) == everyone[2 * (pages.num_pages - 1) :]


def test_what_is_shown_of_the_rows_of_a_page_is_read_of_these_only(room):
    named = of_school.in_pages(room.school, shown=lambda rows: rows.values_list("pupil__person__first_name", flat=True))
    with CaptureQueriesContext(connection) as seen:
        found = list(Paginator(named, 2).page(2))
    assert found == [row.pupil.person.first_name for row in of_school(room.school)[2:4]]
    count, rows = (query["sql"] for query in seen)
    assert "first_name" not in count
    assert rows.index("first_name") < rows.index("LIMIT") < rows.rindex("ORDER BY")


def test_an_empty_list_has_one_page(room):
    assert list(Paginator(of_school.in_pages(room.school, grade="TPS"), 2).get_page(1)) == []


def test_what_is_not_prepared_goes_as_it_is_each_time(room):
    @unprepared
    def people(user: User) -> QuerySet[Person]:
        return Person.objects.filter(account=user)

    sent = []

    def note(execute, sql, *arguments):
        sent.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        for _turn in range(3):
            assert [row.account_id for row in people(room.guardians["Sophie"])] == [room.guardians["Sophie"].pk]
    assert [sql.split(" ", 1)[0] for sql in sent] == ["SELECT"] * 3
