"""Queries asked together give what each gives alone, in one message."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, DecimalField, Exists, F, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.frozen import Frozen, beside, frozen, together
from core.tenancy import in_schema
from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment, Person
from tenant_apps.schools.models import School
from tenants.db.statements import Statements
from tests.core.queries import children
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db
TURNS = 4  # as it is, prepared, then run twice


@pytest.fixture
def room(in_narbonne):
    connection.forget_statements()
    return factories.classroom()


@frozen
def named(first_name: str) -> QuerySet[Person]:
    return Person.objects.filter(first_name=first_name)


@frozen
def schools() -> QuerySet[School]:
    return School.objects.exclude(name__contains="100 %").order_by("uai")


@frozen
def told() -> QuerySet:
    """One column of each type."""
    grades = Enrollment.objects.filter(pupil__person=OuterRef("pk")).order_by("pk")
    rows = Person.objects.annotate(
        grades=ArraySubquery(grades.values("grade")),
        pupils=ArraySubquery(grades.values("pupil_id")),
        has_some=Exists(grades),
        n=Count("pk"),
        latest=Max("created_at"),
        nothing=F("account__second_factor_due_at"),
    )
    names = ("pk", "first_name", "birth_date", "created_at", "grades", "pupils", "has_some", "n", "latest", "nothing")
    return rows.order_by("pk").values_list(*names, named=True)


@frozen
def journal() -> QuerySet[Entry]:
    return Entry.objects.order_by("-sequence")


def messages_of(act: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_each_gives_what_it_gives_alone_in_one_message(room):
    sophie, karim = room.guardians["Sophie"], room.guardians["Karim"]

    def ask() -> list[Any]:
        asked = (children.asked(sophie), named.asked("Karim"), schools.asked(), children.asked(karim), told.asked())
        return together(*asked)

    alone = [children(sophie), named("Karim"), schools(), children(karim), told()]
    assert all(alone)
    for _turn in range(TURNS):
        assert ask() == alone
        assert messages_of(ask) == 1
    assert [row.pupil.person.first_name for row in ask()[0]] == [row.pupil.person.first_name for row in alone[0]]


def test_a_row_is_the_same_object_of_python_in_every_column(room):
    person = Person.objects.get(account=room.guardians["Sophie"])
    Person.objects.filter(pk=person.pk).update(birth_date="1984-02-29")
    for rows, alone in zip(together(told.asked(), schools.asked()), (told(), schools()), strict=True):
        for row, expected in zip(rows, alone, strict=True):
            row, expected = (vars(one) if isinstance(one, School) else one._asdict() for one in (row, expected))
            row.pop("_state", None), expected.pop("_state", None)
            assert {name: (type(value), value) for name, value in row.items()} == {
                name: (type(value), value) for name, value in expected.items()
            }


def test_what_django_reads_from_json_itself_is_read_once(room):
    record(actor=room.head, action="accounts.signed_in", lines=3, marks=["é"])
    for _turn in range(TURNS):
        entries, _people = together(journal.asked(), named.asked("Sophie"))
        assert entries[0].facts == {"lines": 3, "marks": ["é"]}
        assert entries[0].at == Entry.objects.get(pk=entries[0].pk).at


TEXTS = ['é’\n\t"\\/\u2028', "%s", "%", "$1", "'; DROP TABLE people_person; --", "0\x7f\U0001f600"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_written(room, text):
    person = Person.objects.get(account=room.guardians["Sophie"])
    Person.objects.filter(pk=person.pk).update(first_name=text)
    for _turn in range(TURNS):
        found, _schools = together(named.asked(text), schools.asked())
        assert [(one.pk, one.first_name) for one in found] == [(person.pk, text)]


def test_nothing_found_is_an_empty_list(room):
    for _turn in range(TURNS):
        assert together(named.asked("Nobody"), named.asked("Nobody either")) == [[], []]


def test_nothing_asked_sends_nothing_and_what_is_known_stands_beside(room):
    assert messages_of(lambda: together()) == 0
    assert messages_of(lambda: together(3)) == 0
    assert together(3, named.asked("Sophie"), []) == [3, named("Sophie"), []]


def test_values_are_made_of_rows_however_deep(room):
    names = named.asked("Sophie").then(len)
    pair = beside(names, schools.asked().then(len)).then(sum)
    assert together(pair, names, 0) == [1 + School.objects.count(), 1, 0]


def test_each_commune_reads_its_own_rows(room, lezignan):
    asked = lambda: together(named.asked("Sophie"), children.asked(room.guardians["Sophie"]))  # noqa: E731
    for _turn in range(TURNS):
        assert all(asked())
        with in_schema(lezignan.schema_name):
            assert asked() == [[], []]


def test_somebody_seen_by_another_s_eyes_is_asked_apart(room):
    user = room.guardians["Sophie"]
    seen = User.objects.get(pk=user.pk)
    seen.is_narrowed, seen.seen_by_schools = True, []
    asked = lambda: together(children.asked(seen), named.asked("Sophie"), children.asked(user))  # noqa: E731
    assert asked() == [[], named("Sophie"), children(user)]
    assert messages_of(asked) == 2


def test_after_an_error_it_is_asked_as_it_is_and_prepared_anew(room):
    asked = lambda: together(named.asked("Sophie"), named.asked("Karim"))  # noqa: E731
    alone = asked()
    for _turn in range(TURNS):
        asked()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        asked()
    assert [asked() for _turn in range(TURNS)] == [alone] * TURNS


def test_a_column_that_would_not_come_back_the_same_is_refused(room):
    price = Value(Decimal("1.10"), output_field=DecimalField(max_digits=4, decimal_places=2))

    @frozen
    def priced() -> QuerySet:
        return Person.objects.values_list(price)

    @frozen
    def since() -> QuerySet:
        return Person.objects.values_list(Now() - F("created_at"))

    for query in (priced, since):
        with pytest.raises(TypeError, match="can't be asked with others"):
            together(query.asked(), named.asked("Sophie"))


def test_rows_that_differ_from_those_of_the_queryset_fail_in_the_tests(room, monkeypatch):
    monkeypatch.setattr("core.frozen_sql._reader", lambda kind: str.upper if kind == "varchar" else None)

    @frozen
    def first_names() -> QuerySet:
        return Person.objects.values_list("first_name")

    with pytest.raises(AssertionError, match="gives other rows"):
        together(first_names.asked(), named.asked("Sophie"))


def test_the_checks_of_the_tests_are_not_counted(room, monkeypatch):
    asked = lambda: together(named.asked("Sophie"), schools.asked())  # noqa: E731
    assert Frozen.is_checked
    assert messages_of(asked) == 1
    monkeypatch.setattr(Frozen, "is_checked", False)
    assert messages_of(asked) == 1


def test_a_list_in_pages_asks_ahead_what_its_first_page_wants(room):
    @frozen
    def everyone() -> QuerySet[Person]:
        return Person.objects.order_by("pk")

    expected = list(Person.objects.order_by("pk"))
    pages, (sophie,) = together(everyone.in_pages().ahead(2), named.asked("Sophie"))
    paginator = Paginator(pages, 2)
    assert messages_of(lambda: paginator.get_page(1).object_list) == 0
    assert (list(paginator.get_page(1)), paginator.count, sophie) == (expected[:2], len(expected), named("Sophie")[0])
    assert list(paginator.get_page(2)) == expected[2:4]
    short, _known = together(everyone.in_pages().ahead(len(expected) + 1), 0)
    paginator = Paginator(short, len(expected) + 1)
    assert messages_of(lambda: paginator.get_page(1).object_list) == 0
    assert list(paginator.get_page(1)) == expected


def test_a_session_of_django_comes_as_well(room):
    @frozen
    def lasting(key: str) -> QuerySet[Session]:
        return Session.objects.filter(session_key=key)

    Session.objects.create(session_key="k" * 40, session_data="e30:x", expire_date=timezone.now() + timedelta(days=1))
    for _turn in range(TURNS):
        (one,), _schools = together(lasting.asked("k" * 40), schools.asked())
        assert (one.session_data, one.expire_date) == Session.objects.values_list("session_data", "expire_date").get()


def test_it_weighs_what_it_holds(room):
    statements = connection._statements = Statements(limit=3)
    try:
        for _turn in range(TURNS):
            together(named.asked("Sophie"), named.asked("Karim"))
            named("Sophie"), schools()
            assert sum(query.weight for _schema, query in statements._met) == statements._weight <= 3
    finally:
        connection.forget_statements()
