"""What a password must be.

Adults: 12 characters, or a phrase (CNIL, délibération 2022-100: 50 bits where the tries are limited). Pupils: 6, for
hands that learn to type; what their account opens is little (CNIL, délibération 2017-199). Never a word that everybody
takes, nor what whoever knows the person would try first: their name, their school, their town, with a year behind.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.registry import AccountFacts
from core.text import fold
from shared_apps.accounts.facts import facts_of, ties_of

ADULT_LENGTH = 12
PUPIL_LENGTH = 6
# What must remain of a password once the words that anybody could guess are taken out.
OWN_PART = {ADULT_LENGTH: 8, PUPIL_LENGTH: 4}
SHORTEST_WORD = 4  # « de », « les » and initials prove nothing
COMMON = frozenset((Path(__file__).parent / "data" / "mots_communs.txt").read_text(encoding="utf-8").split())
# What hands write instead of letters, believing that nobody else does.
DISGUISES = str.maketrans("@4310$57€", "aaeiosste")
_ROWS = ("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789" * 3)
ROWS = [*_ROWS, *(row[::-1] for row in _ROWS)]


def check(password: str, user: Any) -> None:
    """Raises ValidationError, with every reason at once."""
    facts = facts_of(user)
    length = PUPIL_LENGTH if facts.is_pupil else ADULT_LENGTH
    errors = []
    for test in (lambda: validate_password(password, user, _validators(length)), lambda: _guess(password, user, facts)):
        try:
            test()
        except ValidationError as error:
            errors += error.error_list
    if errors:
        # Django's list of common words and ours may agree: said once.
        raise ValidationError(list({error.code or str(error): error for error in errors}.values()))


def help_text(user: Any) -> str:
    if facts_of(user).is_pupil:
        return _("6 lettres ou chiffres au moins. Choisis un mot que toi seul connais.")
    return _("12 caractères au moins. Une phrase que vous retenez est un bon mot de passe.")


def _validators(length: int) -> list[Any]:
    """Those of the settings, with the length of this profile."""
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    config = [dict(entry) for entry in validators]
    for entry in config:
        if entry["NAME"].endswith("MinimumLengthValidator"):
            entry["OPTIONS"] = {"min_length": length}
    return get_password_validators(config)


def _guess(password: str, user: Any, facts: AccountFacts) -> None:
    length = PUPIL_LENGTH if facts.is_pupil else ADULT_LENGTH
    plain = re.sub(r"[\W_]", "", fold(password))
    if _is_common(password, facts) or _is_a_walk(plain):
        message = _("Ce mot de passe est trop courant : il serait essayé parmi les premiers.")
        raise ValidationError(message, code="password_too_common")
    ties = ties_of(user)
    names = (user.first_name, user.last_name, user.identifier, *(child.name for child in ties.children))
    words = sorted(_words(*names, *ties.words), key=len, reverse=True)
    rest = plain
    for word in words:
        rest = rest.replace(word, "")
    if rest != plain and len(rest) < OWN_PART[length]:
        raise ValidationError(
            _("Ce mot de passe tient surtout à un nom : le vôtre, celui d’un enfant, de l’école ou de la ville.")
        )


def _is_common(password: str, facts: AccountFacts) -> bool:
    """A word that everybody takes, alone, twice or with another one, with figures behind, under a disguise.

    A child's password may be a word of the list with a figure: it is written by a hand that learns.
    """
    text = fold(password)
    if facts.is_pupil:
        return re.sub(r"[\W_]", "", text) in COMMON
    bare = text.strip("0123456789!?.,;:-_*# ")
    return any(_of_common_words(re.sub(r"[\W_]", "", word)) for word in (bare, bare.translate(DISGUISES)))


def _of_common_words(word: str) -> bool:
    return word in COMMON or any(word[:n] in COMMON and word[n:] in COMMON for n in range(3, len(word) - 2))


def _is_a_walk(plain: str) -> bool:
    """Along the keyboard, the alphabet or the figures; or the same few signs again and again."""
    return len(set(plain)) < 4 or any(plain in row for row in ROWS)


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.split(r"[\W_]+", fold(text)) if len(word) >= SHORTEST_WORD}
