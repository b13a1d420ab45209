"""What activation says of a family, and refuses as a password."""

import pytest
from django.test import Client

from shared_apps.accounts import services
from shared_apps.accounts.facts import facts_of, ties_of
from shared_apps.accounts.models import User
from tenant_apps.people.models import Guardianship
from tests.tenant_apps.liaison import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(in_narbonne):
    return factories.classroom()


def activation_page(user: User, **typed: str) -> str:
    """The second step, opened with the code of this account."""
    user = User.objects.get(pk=user.pk)
    services.renew_code(actor=None, user=user)
    user.refresh_from_db()
    browser = Client(headers={"host": "narbonne.localhost"})
    browser.post("/activer/", {"code": services.activation_code(user)})
    page = "/activer/mot-de-passe/"
    answer = browser.post(page, typed) if typed else browser.get(page)
    return " ".join(answer.content.decode().split())


def test_a_guardian_reads_for_whom_the_code_is(room):
    factories.add_family(room, "Tom", "Khelifi", [])
    Guardianship.objects.create(pupil=room.pupils["Tom"], guardian=room.guardians["Samia"].person)
    page = activation_page(room.guardians["Samia"])
    assert "le compte de <strong>Samia Khelifi</strong>, pour <strong>Aya et Tom</strong>" in page
    assert "École Lakanal 0110357D, CE2" in page


def test_who_lost_the_authority_is_told_nothing_of_the_child(room):
    Guardianship.objects.update(has_parental_authority=False)
    assert "Aya" not in activation_page(room.guardians["Samia"])


def test_a_password_made_of_the_school_is_refused(room):
    page = activation_page(room.guardians["Samia"], password="Lakanal-2026-Aya")
    assert "tient surtout à un nom" in page


def test_a_pupil_is_said_tu_and_asked_for_no_address(room):
    child = room.pupils["Inès"].person
    child.account = factories.account("Inès", "Ferrer")
    child.save()
    page = activation_page(child.account)
    assert "Choisis un mot de passe" in page
    assert 'name="email"' not in page


def test_staff_have_the_words_of_their_school_and_no_child(room):
    ties = ties_of(room.teacher)
    assert ties.children == () and not facts_of(room.teacher).is_pupil
    assert set(ties.words) == {"Narbonne", "École Lakanal 0110357D"}


def test_the_cost_does_not_grow_with_the_children(room, django_assert_num_queries):
    with django_assert_num_queries(5):
        ties_of(room.guardians["Samia"])
    for number in range(6):
        factories.add_family(room, f"Enfant{number}", "Khelifi", [])
        Guardianship.objects.create(pupil=room.pupils[f"Enfant{number}"], guardian=room.guardians["Samia"].person)
    with django_assert_num_queries(5):
        assert len(ties_of(room.guardians["Samia"]).children) == 7
