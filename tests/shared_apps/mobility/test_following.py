"""The communes follow the postings: an account opened, dated and closed in each."""

import logging

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from shared_apps.accounts.models import ExternalIdentity, User
from shared_apps.audit.models import Entry
from shared_apps.mobility import services
from shared_apps.mobility.following import follow, follow_all
from shared_apps.mobility.models import Posting
from shared_apps.notifications import outbox
from tenant_apps.links.models import PostedAssignment
from tenant_apps.links.services import postings
from tenant_apps.people.keepers import keepers_of
from tenant_apps.people.models import Enrollment, Person, Pupil, StaffAssignment
from tenant_apps.people.services import end_assignment
from tenant_apps.schools.models import SchoolClass
from tenants.models import Commune
from tests.shared_apps.mobility.conftest import LAKANAL, MISTRAL, SCHEMAS, classes_of, post, today

HERE = SCHEMAS[LAKANAL]
THERE = SCHEMAS[MISTRAL]


def account(staff, schema):
    """Call inside the commune."""
    return User.objects.filter(external_identities__subject=str(staff.pk)).first()


def assignments(schema):
    with in_schema(schema):
        rows = StaffAssignment.objects.exclude(posted=None).order_by("created_at")
        return [(row.role, row.school.uai, row.starts_on, row.ends_on) for row in rows.select_related("school")]


def problem(posting):
    return Posting.objects.get(pk=posting.pk).problem


def test_one_identity_has_a_dated_account_in_each_commune(camille, posted):
    assert assignments(HERE) == [("rased", LAKANAL, today(), today(30))]
    assert assignments(THERE) == [("rased", MISTRAL, today(), today(30))]
    for schema in (HERE, THERE):
        with in_schema(schema):
            user = account(camille, schema)
            assert (user.first_name, user.last_name, user.is_active) == ("Camille", "Fabre", True)
            assert ExternalIdentity.objects.get().provider == "academy"
    assert {row.problem for row in Posting.objects.all()} == {""}


def test_followed_twice_nothing_changes(camille, posted):
    before = assignments(HERE)
    with in_schema(HERE):
        people, entries = Person.objects.count(), Entry.objects.count()
    follow_all()
    assert assignments(HERE) == before
    with in_schema(HERE):
        assert (Person.objects.count(), Entry.objects.count()) == (people, entries)


def test_dates_that_move_move_in_the_commune(officer, camille, posted):
    services.change_days(actor=officer, posting=posted[0], starts_on=today(2), ends_on=today(9))
    follow(camille.pk)
    assert assignments(HERE) == [("rased", LAKANAL, today(2), today(9))]
    with in_schema(HERE):
        assert not postings.is_posted(account(camille, HERE))


def test_a_posting_that_ends_closes_the_account_and_its_sessions(officer, camille, posted):
    with in_schema(HERE):
        before = account(camille, HERE)
    services.end_posting(actor=officer, posting=posted[0])
    follow(camille.pk)
    with in_schema(HERE):
        user = account(camille, HERE)
        assert not user.is_active
        assert user.session_stamp > before.session_stamp
        assert not StaffAssignment.objects.of(user).on().exists()
    with in_schema(THERE):
        assert account(camille, THERE).is_active


def test_rights_end_on_their_day_even_when_no_task_runs(camille, posted):
    with in_schema(HERE):
        user = account(camille, HERE)
        assert SchoolClass.objects.open_to(user).exists()
        with time_machine.travel(today(30)):
            assert not SchoolClass.objects.open_to(user).exists()


def test_a_posting_called_off_before_it_begins_leaves_no_day(officer, camille):
    [row] = post(officer, camille, LAKANAL, first=5)
    assert assignments(HERE) == [("rased", LAKANAL, today(5), today(30))]
    services.end_posting(actor=officer, posting=row)
    follow(camille.pk)
    assert assignments(HERE) == [("rased", LAKANAL, today(), today())]
    with in_schema(HERE):
        assert not account(camille, HERE).is_active


def test_a_new_posting_opens_the_same_account_again(officer, camille, posted):
    services.end_posting(actor=officer, posting=posted[0])
    follow(camille.pk)
    post(officer, camille, LAKANAL, role="erun")
    with in_schema(HERE):
        assert User.objects.filter(external_identities__subject=str(camille.pk)).count() == 1
        assert account(camille, HERE).is_active
        assert postings.is_posted(account(camille, HERE))


def test_a_commune_that_fails_stops_no_other_and_shows(officer, camille, monkeypatch, caplog):
    true = postings.follow_postings

    def fails_at_narbonne(facts):
        from core.tenancy import current_schema

        if current_schema() == HERE:
            raise RuntimeError("out of order")
        return true(facts)

    from core import registry

    monkeypatch.setitem(registry.posted_staff._items, "links", fails_at_narbonne)
    with caplog.at_level(logging.WARNING, logger="shared_apps.mobility.following"):
        rows = post(officer, camille, LAKANAL, MISTRAL)
    found = {row.school.uai: problem(row) for row in rows}
    assert found == {LAKANAL: "failed", MISTRAL: ""}
    assert assignments(THERE)
    assert "Camille" not in caplog.text
    monkeypatch.setitem(registry.posted_staff._items, "links", true)
    follow_all()
    assert {problem(row) for row in rows} == {""}


def test_a_suspended_commune_waits(officer, camille, narbonne):
    Commune.objects.filter(pk=narbonne.pk).update(state=Commune.State.SUSPENDED)
    here, there = sorted(post(officer, camille, LAKANAL, MISTRAL), key=lambda row: row.school.uai, reverse=True)
    assert (problem(here), problem(there)) == ("waiting", "")
    assert assignments(HERE) == []
    Commune.objects.filter(pk=narbonne.pk).update(state=Commune.State.OPEN)
    follow_all()
    assert problem(here) == ""
    assert assignments(HERE)


def test_a_school_that_the_commune_has_not_shows(officer, camille):
    [row] = post(officer, camille, "0110430H")
    assert problem(row) == "unknown"


def test_a_namesake_of_the_commune_is_never_taken_for_the_person(officer, camille, rooms):
    from tests.tenant_apps.liaison import factories

    with in_schema(HERE):
        parent = factories.person("Camille", "Fabre", user=factories.account("Camille", "Fabre"))
    post(officer, camille, LAKANAL)
    with in_schema(HERE):
        user = account(camille, HERE)
        assert user.person.pk != parent.pk
        assert user.identifier == "camille.fabre2"


def test_no_head_gives_a_code_that_opens_the_other_schools(camille, posted):
    with in_schema(HERE):
        user = account(camille, HERE)
        assert not user.has_live_code
        assert user.email == ""
        assert keepers_of([user.person.pk]) == {user.person.pk: None}


# --- the head's word


@pytest.fixture
def row(posted):
    with in_schema(HERE):
        return PostedAssignment.objects.select_related("assignment__school", "assignment__person__account").get()


def test_the_head_ends_it_and_the_academy_knows(rooms, camille, posted, row, django_capture_on_commit_callbacks):
    with in_schema(HERE):
        postings.release(actor=rooms[LAKANAL].head, posted=row)
        assert not postings.is_posted(account(camille, HERE))
        outbox.deliver_due()
    assert Posting.objects.get(pk=posted[0].pk).released_on == today()
    assert Posting.objects.get(pk=posted[1].pk).released_on is None
    follow(camille.pk)
    with in_schema(HERE):
        assert not account(camille, HERE).is_active
    with in_schema(THERE):
        assert account(camille, THERE).is_active


def test_an_end_written_on_another_page_of_the_school_holds_too(camille, posted, row):
    with in_schema(HERE):
        end_assignment(actor=None, assignment=row.assignment)
    follow(camille.pk)
    assert assignments(HERE) == [("rased", LAKANAL, today(), today())]
    assert Posting.objects.get(pk=posted[0].pk).released_on == today()


def test_a_commune_ends_its_own_postings_only(posted):
    services.hear_release(THERE, {"posting": str(posted[0].pk), "day": str(today())})
    assert Posting.objects.get(pk=posted[0].pk).released_on is None


def test_only_the_head_of_the_school_has_this_word(rooms, row):
    with in_schema(HERE), pytest.raises(PermissionDenied):
        postings.release(actor=rooms[LAKANAL].teacher, posted=row)


def test_the_head_gives_the_brigade_its_class(officer, camille, rooms):
    post(officer, camille, LAKANAL, role="brigade")
    with in_schema(HERE):
        user = account(camille, HERE)
        posted = PostedAssignment.objects.select_related("assignment__school").get()
        assert not SchoolClass.objects.families_open_to(user).exists()
        postings.place(actor=rooms[LAKANAL].head, posted=posted, school_class=rooms[LAKANAL].school_class)
        assert list(SchoolClass.objects.families_open_to(user)) == [rooms[LAKANAL].school_class]
        with time_machine.travel(today(30)):
            assert not SchoolClass.objects.families_open_to(user).exists()
    follow(camille.pk)
    with in_schema(HERE):
        assert StaffAssignment.objects.get(posted=posted).school_class == rooms[LAKANAL].school_class


# --- what each function opens


@pytest.mark.parametrize(
    ("role", "sees_names", "sees_classes"),
    [("rased", True, True), ("psy_en", True, True), ("erun", False, False), ("ien", False, True)],
)
def test_each_function_opens_what_it_needs_and_no_family(officer, camille, role, sees_names, sees_classes):
    post(officer, camille, LAKANAL, role=role)
    with in_schema(HERE):
        user = account(camille, HERE)
        assert classes_of(LAKANAL).filter(pk__in=SchoolClass.objects.visible_to(user)).exists() is sees_classes
        assert Enrollment.objects.visible_to(user).exists() is sees_names
        assert Pupil.objects.visible_to(user).exists() is sees_names
        assert StaffAssignment.objects.visible_to(user).filter(role="teacher").exists()
        assert not SchoolClass.objects.families_open_to(user).exists()
        assert not user.has_perm("liaison.write_note")


# --- who posts


def test_an_overlap_is_refused(officer, camille, posted):
    with pytest.raises(DomainError):
        post(officer, camille, LAKANAL, first=10, end=20)
    post(officer, camille, LAKANAL, first=30, end=40)


def test_an_inspector_posts_in_the_circonscription_only(reference, camille):
    from shared_apps.accounts.models import StaffRole
    from shared_apps.reference.models import RefSchool
    from tests.shared_apps.onboarding import factories as academy

    lakanal = RefSchool.objects.get(uai=LAKANAL)
    elsewhere = RefSchool.objects.public().exclude(district=lakanal.district).exclude(district=None)
    elsewhere = elsewhere.exclude(commune=lakanal.commune).first()
    mine = academy.staff("Jean", "Vieu", role=StaffRole.Role.INSPECTOR, scope=lakanal.district_id)
    other = academy.staff("Paule", "Rey", role=StaffRole.Role.INSPECTOR, scope=elsewhere.district_id)
    days = {"starts_on": today(), "ends_on": None}
    with in_public():
        with pytest.raises(PermissionDenied):
            services.post_staff(actor=other, staff=camille, schools=[lakanal], role="rased", **days)
        services.post_staff(actor=mine, staff=camille, schools=[lakanal], role="rased", **days)
