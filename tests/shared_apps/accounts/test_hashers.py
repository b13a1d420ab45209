"""How a password is kept, and that a refusal takes as long whatever it refuses."""

import base64
from collections import Counter

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from shared_apps.accounts import hashers
from shared_apps.accounts.backends import recognise
from shared_apps.accounts.models import User

PHRASE = "une phrase que je retiens, là-haut"
# Of « motdepassemotdepassemotdepasse », by the reference implementation: at the cost before, and as Django does.
BEFORE = (
    "argon2$argon2id$v=19$m=19456,t=2,p=1$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ$y1HN+AJqbKZD8WElY1YPUx6+4dGtFACSlB5jtBoeCbI"
)
STOCK = "argon2$argon2id$v=19$m=102400,t=2,p=8$YWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ$YYfAuxiihUI3pC+CFxt3aw"
THRICE = "motdepasse" * 3


@pytest.fixture(autouse=True)
def real_hashing(settings):
    settings.PASSWORD_HASHERS = ["shared_apps.accounts.hashers.Hasher"]


def test_a_password_is_kept_as_owasp_asks():
    """Password Storage Cheat Sheet: Argon2id, of 7 MiB with five passes, one lane."""
    kept = make_password(PHRASE)
    assert kept.startswith("argon2$argon2id$v=19$m=7168,t=5,p=1$")
    assert check_password(PHRASE, kept)
    assert not check_password(PHRASE + " ", kept)


def test_two_people_with_one_password_keep_different_ones():
    assert make_password(PHRASE) != make_password(PHRASE)


def test_it_is_the_hash_of_everybody_else():
    """RFC 9106: the same value as the reference implementation gives, for the salt `0123456789abcdef`."""
    found = hashers.Hasher().encode("motdepasse", "MDEyMzQ1Njc4OWFiY2RlZg")
    digest = base64.b64decode(found.rpartition("$")[2] + "=")
    assert digest.hex().startswith("e2d4b364659cf7eb")


@pytest.mark.parametrize("kept", [BEFORE, STOCK])
def test_what_was_hashed_otherwise_stays_good(kept):
    assert check_password(THRICE, kept)
    assert not check_password("motdepasse", kept)
    assert identify_hasher(kept).must_update(kept)


@pytest.mark.parametrize("kept", [BEFORE[:-1], BEFORE[:-43], BEFORE.replace("$m=", "$x="), "argon2$"])
def test_what_is_damaged_lets_nobody_in(kept):
    assert not check_password(THRICE, kept)


def test_the_least_change_of_cost_asks_for_an_update():
    kept = make_password(PHRASE)
    hasher = identify_hasher(kept)
    assert not hasher.must_update(kept)
    assert hasher.must_update(kept.replace("t=5", "t=4"))
    assert hasher.safe_summary(kept)["cost"] == "m=7168,t=5,p=1"


@pytest.fixture
def spent(monkeypatch):
    """The costs that are paid, in any order."""
    costs: Counter[tuple[int, ...]] = Counter()
    hash_, verify = hashers._hash, hashers.bindings.crypto_pwhash_str_verify

    def hashed(password, salt, cost):
        costs[cost] += 1
        return hash_(password, salt, cost)

    def verified(encoded, password):
        costs[hashers._cost_of(encoded.decode())] += 1
        return verify(encoded, password)

    monkeypatch.setattr(hashers, "_hash", hashed)
    monkeypatch.setattr(hashers.bindings, "crypto_pwhash_str_verify", verified)
    return costs


@pytest.mark.parametrize(
    ("typed", "kept", "is_active"),
    [
        ("autre chose", None, True),
        ("autre chose", "now", True),
        ("autre chose", BEFORE, True),
        ("autre chose", "!sans mot de passe", True),
        (THRICE, BEFORE, False),
    ],
    ids=["unknown", "wrong", "wrong, hashed before", "never activated", "closed account"],
)
def test_a_refusal_takes_as_long_whatever_it_refuses(spent, typed, kept, is_active):
    kept = make_password(PHRASE) if kept == "now" else kept
    spent.clear()
    user = None if kept is None else User(password=kept, is_active=is_active)
    assert recognise(typed, user) is None
    assert spent == {hashers.COST: 1, hashers.FORMER: 1}


def test_who_comes_in_pays_once(spent):
    user = User(password=BEFORE)
    assert recognise(THRICE, user) is user
    assert spent == {hashers.FORMER: 1}
