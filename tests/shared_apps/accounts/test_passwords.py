"""What a password must be: long enough for whom it protects, and not what a neighbour would try."""

import pytest
from django.core.exceptions import ValidationError

from core import registry
from core.registry import AccountFacts, AccountTies, Child
from core.tenancy import in_public
from shared_apps.accounts import passwords
from shared_apps.accounts.models import User

SOPHIE = User(identifier="sophie.ferrer", first_name="Sophie", last_name="Ferrer", email="ferrer34@exemple.fr")


@pytest.fixture
def known(monkeypatch):
    """What the foundations say of the account: by default, a mother of two at école Lakanal."""

    ties = AccountTies((Child("Inès"), Child("Tom-Henri")), ("École élémentaire Lakanal",))
    monkeypatch.setattr(registry.account_ties, "_items", {"test": lambda user: ties})

    def know(**facts):
        monkeypatch.setattr(registry.account_facts, "_items", {"test": lambda user: AccountFacts(**facts)})

    know()
    return know


def reasons(password: str, user: User = SOPHIE) -> str:
    try:
        passwords.check(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "une phrase que je retiens",
        "Cheval agrafe pile juste",
        "t7!kQ9zW#e2m",
        "les oliviers de Lakanal en mars",
        "Narbonne est sous la pluie",
        "сегодня хорошая погода",
        "7392 5518 6604",
    ],
)
def test_a_phrase_or_twelve_good_characters_are_taken(in_narbonne, known, password):
    assert reasons(password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("t7!kQ9zW#e2", "12 caractères"),
        ("motdepasse2026", "trop courant"),
        ("MotDePasse-2026!", "trop courant"),
        ("azertyuiop123", "trop courant"),
        ("jetaimemonamour", "trop courant"),
        ("M0tD3P@sse2026", "trop courant"),
        ("bonjoursoleil12", "trop courant"),
        ("doudoudoudou", "trop courant"),
        ("mlkjhgfdsqpoi", "trop courant"),
        ("234567890123", "trop courant"),
        ("111111111111", "trop courant"),
        ("aaaaaaaaaaaa!", "trop courant"),
        ("Narbonne2026!", "un nom"),
        ("narbonne-lakanal-11", "un nom"),
        ("Lakanal.2026.26", "un nom"),
        ("TomHenri2019!!", "un nom"),
        ("SophieFerrer34", "un nom"),
        ("Fêrrer-Sôphie-1985", "un nom"),
        ("sophie.ferrer", "trop semblable"),
    ],
)
def test_what_is_short_common_or_made_of_known_names_is_refused_in_french(in_narbonne, known, password, why):
    assert why in reasons(password)


def test_every_reason_is_said_at_once(in_narbonne, known):
    found = reasons("lakanal1")
    assert "12 caractères" in found and "un nom" in found


def test_a_reason_is_said_once(in_narbonne, known):
    assert reasons("telechargement").count("courant") == 1
    assert reasons("motdepasse2026").count("courant") == 1


def test_a_pupil_may_have_a_short_one_but_not_their_name(in_narbonne, known):
    known(is_pupil=True)
    ines = User(identifier="ines.roux", first_name="Inès", last_name="Roux")
    assert reasons("loup42", ines) == ""
    assert "6 caractères" in reasons("loup4", ines)
    assert reasons("ines12", ines)
    assert reasons("soleil", ines)
    assert "Choisis un mot" in passwords.help_text(ines)


def test_the_academy_has_its_own_words(db):
    with in_public():
        assert reasons("une phrase que je retiens") == ""
        assert "un nom" in reasons("Montpellier2026")
        assert "12 caractères" in passwords.help_text(SOPHIE)
