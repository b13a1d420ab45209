"""Who may write to whom. Expected answers are written by hand, from the design and not from the matrix."""

import random

import pytest
from django.db.models import Q

from core.tenancy import in_public
from shared_apps.bounds import services as bounds
from shared_apps.bounds.shipped import MOST, USUAL
from shared_apps.bounds.vocabulary import Cell, Party, Right, Scope, meaningful
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.people.roles import Role
from tenant_apps.rights import services
from tenant_apps.rights.decisions import explain, may_see, may_write
from tenant_apps.rights.models import SchoolRule
from tenant_apps.rights.recipients import recipients_for
from tests.tenant_apps.people.factories import add_guardian, add_pupil, assign, days_ago

pytestmark = pytest.mark.django_db


def cell(code: str) -> Cell:
    return Cell.of(code)


def open_rule(made, school: str, **rules: str) -> None:
    wanted = {cell(code.replace("__", ".")): Scope(scope) for code, scope in rules.items()}
    services.change_rules(actor=None, school=made.schools[school], wanted=wanted)


# --- what we ship


@pytest.mark.parametrize(
    ("sender", "recipient", "answer"),
    [
        ("Sophie", "Claire", True),  # the teacher of her child
        ("Sophie", "Joan", False),  # another class of the same school
        ("Sophie", "Odile", True),  # the teacher of her other child, in another school
        ("Sophie", "Martine", True),  # the head
        ("Laure", "Solange", False),  # the head of a school where she has no child
        ("Sophie", "Paul", False),  # the AESH
        ("Sophie", "Laure", False),  # parents don't write to each other
        ("Sophie", "Samia", False),  # even in one class
        ("Sophie", "Rachid", False),  # the town is reached through a service
        ("Sophie", "Inès", False),  # a child who does not read yet
        ("Karim", "Claire", False),  # without the parental authority
        ("Claire", "Sophie", True),
        ("Claire", "Laure", False),  # of another class
        ("Claire", "Karim", False),  # without the parental authority
        ("Claire", "Martine", True),
        ("Claire", "Solange", False),  # the head of another school
        ("Claire", "Joan", True),
        ("Claire", "Odile", False),  # a colleague of another school
        ("Agnès", "Laure", True),  # while she replaces M. Pujol
        ("Paul", "Sophie", False),
        ("Paul", "Claire", True),
        ("Aline", "Claire", True),  # ATSEM and teacher of one class
        ("Aline", "Joan", False),
        ("Aline", "Sophie", False),
        ("Martine", "Sophie", True),
        ("Martine", "Tom", False),
        ("Martine", "Solange", True),
        ("Martine", "Jean", True),  # the school service
        ("Jean", "Martine", True),
        ("Jean", "Sophie", False),  # never person to person
        ("Jean", "Claire", False),
        ("Élu", "Martine", False),
        ("Martine", "Élu", False),
        ("Inès", "Noé", False),
        ("Inès", "Claire", False),
        ("Tom", "Odile", True),  # CM2
        ("Tom", "Claire", False),
        ("Tom", "Sophie", False),
    ],
)
def test_the_shipped_matrix_says_who_writes_to_whom(made, sender, recipient, answer):
    assert bool(may_write(made.people[sender], made.people[recipient])) is answer


@pytest.mark.parametrize(
    ("viewer", "person", "answer"),
    [
        ("Sophie", "Claire", True),
        ("Sophie", "Laure", False),
        ("Sophie", "Inès", True),
        ("Sophie", "Noé", False),
        ("Karim", "Inès", False),
        ("Claire", "Inès", True),
        ("Claire", "Noé", False),
        ("Jean", "Inès", True),
        ("Jean", "Sophie", False),
        ("Élu", "Inès", False),
        ("Inès", "Aya", True),
        ("Inès", "Noé", False),
        ("Inès", "Sophie", True),
    ],
)
def test_the_shipped_matrix_says_who_sees_whom(made, viewer, person, answer):
    assert bool(may_see(made.people[viewer], made.people[person])) is answer


def test_what_we_ship_is_coherent():
    """Under its ceiling, made of scopes that mean something, and nobody writes without seeing."""
    for one in USUAL:
        assert USUAL[one].rank <= MOST[one].rank, one
        assert {USUAL[one], MOST[one]} <= set(meaningful(one)), one
    for table in (USUAL, MOST):
        for one in table:
            see, write = one._replace(right=Right.SEE), one._replace(right=Right.WRITE)
            assert table[write].rank <= table[see].rank, one


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("other", Party)
def test_no_rule_ever_opens_elected_members(right, other):
    assert MOST[Cell(Party.ELECTED, other, right)] is MOST[Cell(other, Party.ELECTED, right)] is Scope.NONE


@pytest.mark.parametrize(
    "pair", ["young_pupil.young_pupil", "young_pupil.pupil", "pupil.young_pupil", "town.guardian", "guardian.town"]
)
def test_what_no_school_may_open(pair):
    assert MOST[cell(f"{pair}.write")] is Scope.NONE


# --- relations of the day


def test_a_right_goes_with_its_relation(made):
    assert may_write(made.people["Claire"], made.people["Sophie"])
    StaffAssignment.objects.filter(person=made.people["Claire"]).update(ends_on=days_ago(0))
    assert explain(made.people["Claire"], made.people["Sophie"]).obstacle == "sender_unknown"


def test_the_parental_authority_lost_closes_at_once(made):
    Guardianship.objects.filter(guardian=made.people["Laure"]).update(has_parental_authority=False)
    assert explain(made.people["Joan"], made.people["Laure"]).obstacle == "recipient_unknown"


def test_a_child_who_left_takes_its_family_along(made):
    Enrollment.objects.filter(pupil=made.pupils["Noé"]).update(ends_on=days_ago(0))
    assert not may_write(made.people["Joan"], made.people["Laure"])


def test_nobody_writes_to_a_closed_account_nor_to_oneself(made):
    made.people["Sophie"].account.is_active = False
    made.people["Sophie"].account.save()
    assert explain(made.people["Claire"], made.people["Sophie"]).obstacle == "no_account"
    assert explain(made.people["Claire"], made.people["Claire"]).obstacle == "self"


def test_of_two_faces_one_that_allows_is_enough(made):
    """Mme Teisseire teaches elsewhere, and is a mother in Mme Vidal's class."""
    assert not may_write(made.people["Odile"], made.people["Claire"])
    Guardianship.objects.create(pupil=made.pupils["Aya"], guardian=made.people["Odile"])
    answer = may_write(made.people["Odile"], made.people["Claire"])
    assert [reason.cell.sender for reason in answer.deciding] == [Party.GUARDIAN]


# --- rules of a school


def test_a_school_opens_its_parents_to_each_other_and_no_other_school_does(made):
    add_pupil(made, "Léa", "Roca", "CM2")
    add_guardian(made, "Denis", "Roca", ("Léa",))
    open_rule(made, "Lakanal", guardian__guardian__see="class", guardian__guardian__write="class")
    assert may_write(made.people["Sophie"], made.people["Samia"])  # one class of Lakanal
    assert not may_write(made.people["Sophie"], made.people["Laure"])  # two classes of Lakanal
    assert not may_write(made.people["Sophie"], made.people["Denis"])  # one class, at Arago


def test_across_schools_the_stricter_rule_holds(made):
    open_rule(made, "Lakanal", teacher__teacher__write="commune")
    assert not may_write(made.people["Claire"], made.people["Odile"])
    open_rule(made, "Arago", teacher__teacher__write="commune")
    assert may_write(made.people["Claire"], made.people["Odile"])


def test_a_ceiling_lowered_by_the_academy_holds_at_once(made, django_capture_on_commit_callbacks):
    open_rule(made, "Lakanal", guardian__teacher__see="school", guardian__teacher__write="school")
    assert may_write(made.people["Sophie"], made.people["Joan"])
    with django_capture_on_commit_callbacks(execute=True), in_public():
        bounds.set_bounds(actor=None, changes={cell("guardian.teacher.write"): Scope.CLASS})
    answer = may_write(made.people["Sophie"], made.people["Joan"])
    assert not answer
    assert answer.deciding[0].is_cut


def test_an_answer_names_its_rule_who_set_it_and_what_is_shared(made):
    services.change_rules(
        actor=made.user("Martine"),
        school=made.schools["Lakanal"],
        wanted={cell("guardian.assistant.write"): Scope.CLASS},
    )
    reason = may_write(made.people["Sophie"], made.people["Paul"]).deciding[0]
    assert (reason.cell.code, reason.near, reason.scope) == ("guardian.assistant.write", Scope.CLASS, Scope.CLASS)
    assert reason.rule.set_by == made.user("Martine")
    assert reason.sender.child == made.pupils["Inès"].pk


# --- the address book says the same as the answers


def _turn(rng: random.Random, made) -> None:
    """Any rules, in any school, as far as the ceilings allow."""
    SchoolRule.objects.all().delete()
    for school in made.schools.values():
        for one in USUAL:
            choices = [scope for scope in meaningful(one) if scope.rank <= MOST[one].rank]
            if len(choices) > 1 and rng.random() < 0.7:
                facts = {"sender": one.sender, "recipient": one.recipient, "right": one.right}
                SchoolRule.objects.create(school=school, scope=rng.choice(choices), **facts)


@pytest.mark.parametrize("seed", range(4))
def test_the_address_book_and_the_answers_agree_whatever_the_rules(made, seed):
    assign(made, "Martine", Role.TEACHER, "Lakanal", "CM1")
    Guardianship.objects.create(pupil=made.pupils["Noé"], guardian=made.people["Odile"])
    _turn(random.Random(seed), made)
    everyone = list(Person.objects.filter(Q(account__isnull=False)).select_related("account"))
    right = [Right.WRITE, Right.SEE][seed % 2]
    for sender in everyone:
        book = set(recipients_for(sender.account, right).values_list("pk", flat=True))
        answers = {other.pk for other in everyone if explain(sender, other, right)}
        assert book == answers, sender


def test_the_address_book_costs_the_same_whoever_asks(made, django_assert_max_num_queries):
    for name in ("Sophie", "Martine", "Jean", "Inès"):
        user = made.user(name)
        list(recipients_for(user))  # the ceilings are in the cache from now on
        with django_assert_max_num_queries(8):
            list(recipients_for(user))
    add_pupil(made, "Léa", "Roca", "CE2")
    add_guardian(made, "Denis", "Roca", ("Léa",))
    with django_assert_max_num_queries(8):
        list(recipients_for(made.user("Martine")))


def test_a_right_is_asked_by_its_name(made):
    assert made.user("Sophie").has_perm("rights.write_to", made.people["Claire"])
    assert not made.user("Sophie").has_perm("rights.write_to", made.people["Laure"])
