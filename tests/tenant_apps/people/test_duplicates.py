"""Records that look like one human being: proposed with a score, decided by a head, taken back within thirty days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError
from shared_apps.audit.models import Entry
from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import Slot
from tenant_apps.people import services
from tenant_apps.people.duplicates import candidates
from tenant_apps.people.models import Enrollment, Guardianship, Person, Pupil, StaffAssignment
from tenant_apps.people.pairs import PersonPair
from tests.tenant_apps.imports.test_kills import every_table
from tests.tenant_apps.imports.test_pages import text_of
from tests.tenant_apps.liaison import factories
from tests.tenant_apps.liaison.factories import account, classroom, person

pytestmark = pytest.mark.django_db
HOST = "narbonne.localhost"
MAIL = {"email": "sophie@example.org"}


@pytest.fixture
def room(in_narbonne):
    return classroom()


@pytest.fixture
def browser(browser_of, room):
    return browser_of(HOST, user=room.head)


def guardian_of(pupil: Pupil, first: str = "Sophie", last: str = "Ferrer", user=None, **facts) -> Person:
    adult = person(first, last, user=user, **facts)
    Guardianship.objects.create(pupil=pupil, guardian=adult)
    return adult


@pytest.fixture
def doubles(room):
    """Sophie, mother of Inès; and a second record of hers, mother of Noé."""
    one = Person.objects.get(account=room.guardians["Sophie"])
    Person.objects.filter(pk=one.pk).update(**MAIL)
    one.refresh_from_db()
    two = guardian_of(
        room.pupils["Noé"], user=account("Sophie2", "Ferrer", activated=False), phone="06 00 00 00 09", **MAIL
    )
    return one, two


def scored(room) -> dict[frozenset, int]:
    return {frozenset((pair.one, pair.two)): pair.score for pair in candidates([room.school])}


@pytest.mark.parametrize(
    ("names", "facts", "is_proposed"),
    [
        (("Sophie", "Ferrer"), {}, False),
        (("Sophie", "Ferrer"), MAIL, True),
        (("SOPHIE", "Ferrér"), MAIL, True),
        (("Sofie", "Ferrer"), MAIL, True),
        (("Karim", "Ferrer"), MAIL, False),
        (("Sophie", "Martin"), MAIL, False),
        (("Sophie", "Ferrer"), {"phone": "06 00 00 00 01"}, True),
        (("Sophie", "Ferrer"), {"phone": "06 00 00 00 02"}, False),
        (("Sophie", "Ferrer"), {"address": "12 rue de Blida", "postal_code": "11100"}, True),
        (("Sophie", "Martin"), MAIL | {"usage_name": "Ferrer"}, True),
    ],
    ids=["name", "mail", "accents", "spelling", "husband", "other", "phone", "phones", "home", "usage"],
)
def test_a_name_alone_is_never_enough_and_a_couple_is_two(room, names, facts, is_proposed):
    known = {"phone": "06 00 00 00 01", "address": "12 rue de Blida", "postal_code": "11100"} | MAIL
    mother = Person.objects.get(account=room.guardians["Sophie"])
    Person.objects.filter(pk=mother.pk).update(**known)
    other = guardian_of(room.pupils["Noé"], *names, **facts)
    assert (frozenset((mother.pk, other.pk)) in scored(room)) is is_proposed


@pytest.mark.parametrize(
    ("facts", "ine", "is_proposed"),
    [
        ({"birth_date": date(2018, 3, 14)}, None, True),
        ({"birth_date": date(2018, 5, 14)}, None, False),
        ({"birth_date": date(2018, 3, 14)}, "000000002AB", False),
        ({}, None, False),
    ],
    ids=["same day", "another day", "two INEs", "no day"],
)
def test_two_records_of_a_child_agree_on_the_day_of_birth_and_have_one_ine(room, facts, ine, is_proposed):
    Pupil.objects.filter(pk=room.pupils["Inès"].pk).update(ine="000000001AA")
    other = Pupil.objects.create(person=person("Ines", "Ferrer", **facts), ine=ine)
    assert (frozenset((room.pupils["Inès"].person_id, other.person_id)) in scored(room)) is is_proposed


def test_the_list_costs_the_same_however_many_and_speaks_only_of_my_school(browser, room, doubles):
    far = classroom(uai="0110358E", label="CM2", prefix="b")
    guardian_of(far.pupils["Aya"], "Nora", "Alaoui", **MAIL)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            browser.get("/doublons/")
        return len(seen)

    queries()  # what a process learns once
    first = queries()
    for number in range(5):
        guardian_of(room.pupils["Aya"], "Samia", "Khelifi", phone=f"06 00 00 01 0{number // 2}")
    assert queries() <= first
    assert "Nora" not in text_of(browser.get("/doublons/"))


def test_the_head_reads_both_then_merges_and_one_account_remains(browser, room, doubles):
    one, two = doubles
    page = text_of(browser.get("/doublons/"))
    assert "Même nom, même courriel" in page
    page = text_of(browser.get(f"/doublons/{one.pk}/{two.pk}/"))
    assert "06 00 00 00 09" in page
    done = browser.post(f"/doublons/{one.pk}/{two.pk}/fusionner/", {"reste": str(one.pk)}, follow=True)
    assert "n’en font plus qu’une" in text_of(done)
    assert set(one.guardianships.current().values_list("pupil", flat=True)) == {
        room.pupils["Inès"].pk,
        room.pupils["Noé"].pk,
    }
    assert not two.guardianships.exists()
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.phone == "06 00 00 00 09"  # what it lacked
    assert (one.account.is_active, two.account.is_active) == (True, False)
    assert Entry.objects.filter(action="people.merged").count() == 1
    assert "Aucune fiche ne ressemble" in text_of(browser.get("/doublons/"))


def test_what_was_told_of_two_children_follows_the_record_that_stays(room):
    kept, aya = room.pupils["Inès"], room.pupils["Aya"]
    other = Pupil.objects.create(person=person("Inès", "Ferrer"))
    facts = {"user": room.guardians["Sophie"], "kind": "essai", "title": "Inès et Aya", "key": "essai"}
    notice = Notification.objects.create(subject_ids=[aya.pk, other.pk], **facts)
    pair = services.merge(actor=None, kept=kept.person, other=other.person)
    notice.refresh_from_db()
    assert notice.subject_ids == [aya.pk, kept.pk]
    services.unmerge(actor=None, pair=pair)
    notice.refresh_from_db()
    assert notice.subject_ids == [aya.pk, other.pk]


def test_everything_follows_signatures_notices_and_functions(room, doubles):
    one, two = doubles
    note = factories.consent(room)
    Notification.objects.create(user=two.account, kind="essai", title="Essai", url="/", key="essai")
    StaffAssignment.objects.create(person=two, role="canteen_agent", starts_on=date(2026, 9, 1))
    services.merge(actor=None, kept=one, other=two)
    signers = Slot.objects.filter(request__object_id=note.pk).values_list("subject_id", "signer_id")
    assert (room.pupils["Noé"].pk, one.pk) in signers
    assert two.pk not in {signer for _subject, signer in signers}
    assert Notification.objects.get(key="essai").user == one.account
    assert one.assignments.get().role == "canteen_agent"


def test_undone_each_table_is_as_it_was(room, doubles):
    one, two = doubles
    Guardianship.objects.create(pupil=room.pupils["Inès"], guardian=two)  # a child that both have
    factories.consent(room)
    StaffAssignment.objects.create(person=two, role="canteen_agent", starts_on=date(2026, 9, 1))
    before = without_times(every_table())
    pair = services.merge(actor=None, kept=one, other=two)
    assert not Guardianship.objects.current().filter(guardian=two).exists()
    services.unmerge(actor=None, pair=pair)
    after = without_times(every_table())
    assert {table for table in after if after[table] != before[table]} <= {"people_personpair", "audit_entry"}


def without_times(tables: dict) -> dict:
    """The moment of the last change moves, and the stamp that ended the sessions."""
    moments = (type(timezone.now()),)
    return {
        name: sorted(str([cell for cell in row if not isinstance(cell, moments)]) for row in rows)
        for name, rows in tables.items()
        if name != "accounts_user"
    }


def test_two_records_of_a_child_become_one_with_its_number_its_class_and_its_family(room):
    kept = room.pupils["Inès"]
    born = {"birth_date": date(2018, 3, 14)}
    other = Pupil.objects.create(person=person("Inès", "Ferrer", **born), ine="000000001AA")
    Enrollment.objects.create(
        pupil=other, school_class=room.school_class, grade="CE2", starts_on=timezone.localdate() - timedelta(days=3)
    )
    aunt = guardian_of(other, "Farida", "Ferrer")
    pair = services.merge(actor=room.head, kept=kept.person, other=other.person)
    kept.refresh_from_db()
    assert kept.ine == "000000001AA"
    assert kept.enrollments.on().count() == 1
    assert kept.guardianships.filter(guardian=aunt).exists()
    assert not Enrollment.objects.on().filter(pupil=other).exists()
    services.unmerge(actor=room.head, pair=pair)
    other.refresh_from_db()
    assert other.ine == "000000001AA"
    assert other.enrollments.on().count() == 1
    assert other.guardianships.get().guardian == aunt


def test_said_to_be_two_people_the_question_is_not_asked_again(browser, room, doubles):
    one, two = doubles
    browser.post(f"/doublons/{one.pk}/{two.pk}/distinguer/")
    assert scored(room) == {}
    assert browser.get(f"/doublons/{one.pk}/{two.pk}/").status_code == 404


@pytest.mark.parametrize(("days", "is_undone"), [(29, True), (31, False)])
def test_a_merge_is_taken_back_within_thirty_days(browser, room, doubles, days, is_undone):
    pair = services.merge(actor=room.head, kept=doubles[0], other=doubles[1])
    PersonPair.objects.filter(pk=pair.pk).update(decided_at=timezone.now() - timedelta(days=days))
    assert ("Défaire" in text_of(browser.get("/doublons/"))) is is_undone
    browser.post(f"/doublons/{pair.pk}/defaire/")
    assert doubles[1].guardianships.exists() is is_undone


def test_between_two_schools_both_heads_agree_and_neither_enters_the_other_s(browser, browser_of, room):
    far = classroom(uai="0110358E", label="CM2", prefix="b")
    one = Person.objects.get(account=room.guardians["Sophie"])
    two = Person.objects.get(account=far.guardians["Sophie"])
    Person.objects.filter(pk__in=[one.pk, two.pk]).update(**MAIL)
    Person.objects.filter(pk=two.pk).update(phone="06 00 00 00 42")
    url = f"/doublons/{one.pk}/{two.pk}/"
    page = text_of(browser.get(url))
    assert "autre, masqué" in page
    assert "06 00 00 00 42" not in page
    browser.post(f"{url}fusionner/", {"reste": str(one.pk)})
    browser.post(f"{url}fusionner/", {"reste": str(one.pk)})  # asking twice is no agreement
    assert not PersonPair.objects.merged().exists()
    assert two.guardianships.exists()
    there = browser_of(HOST, user=far.head)
    assert "propose de les fusionner" in text_of(there.get(url))
    there.post(f"{url}fusionner/", {"reste": str(one.pk)})
    assert PersonPair.objects.merged().count() == 1
    assert one.guardianships.count() == 2


def test_who_heads_neither_school_settles_nothing(room, doubles):
    far = classroom(uai="0110358E", label="CM2", prefix="b")
    for verb in (services.merge, services.keep_apart):
        names = {"kept": doubles[0], "other": doubles[1]}
        names = names if verb is services.merge else {"one": doubles[0], "two": doubles[1]}
        with pytest.raises(PermissionDenied):
            verb(actor=far.head, **names)
    pair = services.merge(actor=room.head, kept=doubles[0], other=doubles[1])
    with pytest.raises(PermissionDenied):
        services.unmerge(actor=far.head, pair=pair)


def test_an_agent_of_the_town_is_not_swallowed_by_a_school(room):
    agent = person("Sophie", "Ferrer", user=account("Sophie3", "Ferrer"), **MAIL)
    StaffAssignment.objects.create(person=agent, role="school_service", starts_on=date(2026, 9, 1))
    mother = Person.objects.get(account=room.guardians["Sophie"])
    pair = services.merge(actor=room.head, kept=mother, other=agent)
    assert pair.state == PersonPair.State.PROPOSED
    assert agent.assignments.exists()


def test_a_child_and_an_adult_two_numbers_and_a_record_already_merged_are_refused(room, doubles):
    ines, noe = room.pupils["Inès"], room.pupils["Noé"]
    with pytest.raises(DomainError, match="élève et un adulte"):
        services.merge(actor=room.head, kept=ines.person, other=doubles[0])
    Pupil.objects.filter(pk=ines.pk).update(ine="000000001AA")
    Pupil.objects.filter(pk=noe.pk).update(ine="000000002AB")
    with pytest.raises(DomainError, match="Deux INE"):
        services.merge(actor=room.head, kept=ines.person, other=noe.person)
    services.merge(actor=room.head, kept=doubles[0], other=doubles[1])
    with pytest.raises(DomainError, match="déjà fusionnée"):
        services.merge(actor=None, kept=doubles[1], other=guardian_of(ines, "Lou", "Ferrer"))


def test_a_later_import_recognises_the_one_that_remains(room, doubles):
    from tenant_apps.imports.families import Families
    from tenant_apps.imports.kinds import Parsed

    services.merge(actor=room.head, kept=doubles[0], other=doubles[1])
    data = {"birth_name": "Ferrer", "usage_name": "", "first_name": "Sophie"}
    found = Families(room.school, [Parsed(2, data)]).adults_named(data)
    assert [adult.pk for adult in found] == [doubles[0].pk]
