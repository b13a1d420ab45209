"""The values of ONDE's columns. Each reader returns the value or raises `BadValue` with a French reason."""

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import fold
from tenant_apps.schools.models import Grade

# Long forms that exist in exports, folded, without spaces.
GRADES = {grade.value.lower(): grade for grade in Grade} | {
    "toutepetitesection": Grade.TPS,
    "petitesection": Grade.PS,
    "moyennesection": Grade.MS,
    "grandesection": Grade.GS,
    "courspreparatoire": Grade.CP,
    "courselementaire1": Grade.CE1,
    "courselementaire1ereannee": Grade.CE1,
    "courselementaire2": Grade.CE2,
    "courselementaire2emeannee": Grade.CE2,
    "coursmoyen1": Grade.CM1,
    "coursmoyen1ereannee": Grade.CM1,
    "coursmoyen2": Grade.CM2,
    "coursmoyen2emeannee": Grade.CM2,
}
SEXES = {"f": "F", "m": "M", "h": "M", "g": "M"}


class BadValue(ValueError):
    """The reason, in French, for the head who reads the review."""


def name(text: str) -> str:
    """« LE GOFF » is shown « Le Goff »; a name typed with care is left as it is."""
    text = re.sub(r"\s+", " ", text.replace("'", "’")).strip()
    if len(text) > 100:
        raise BadValue(_("ce nom dépasse 100 lettres"))
    return _humane(text) if text.isupper() else text


def required_name(text: str) -> str:
    found = name(text)
    if not found:
        raise BadValue(_("cette case est vide"))
    return found


def _humane(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), text)


def birth_date(text: str) -> date:
    for layout in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(text, layout).date()  # noqa: DTZ007  (a day, without an hour)
        except ValueError:
            continue
        if not found.year >= 1990 or found > timezone.localdate():
            raise BadValue(_("cette date de naissance n’est pas possible"))
        return found
    raise BadValue(_("cette date n’a pas la forme JJ/MM/AAAA ou AAAA-MM-JJ"))


def sex(text: str) -> str:
    return SEXES.get(text.strip().lower()[:1], "")


def ine(text: str) -> str | None:
    found = re.sub(r"\s", "", text).upper()
    if found and not re.fullmatch(r"[0-9A-Z]{10,11}", found):
        raise BadValue(_("un INE a 11 lettres et chiffres"))
    return found or None


def grade(text: str) -> Grade:
    key = re.sub(r"[^a-z0-9]", "", fold(text))
    if key not in GRADES:
        raise BadValue(_("ce niveau n’est pas connu : « %(text)s »") % {"text": text[:40]})
    return GRADES[key]


def class_label(text: str) -> str:
    found = re.sub(r"\s+", " ", text).strip()
    if not found:
        raise BadValue(_("la classe manque"))
    if len(found) > 100:
        raise BadValue(_("ce libellé de classe dépasse 100 lettres"))
    return found


def yes_no(text: str) -> bool | None:
    return {"oui": True, "non": False}.get(fold(text.strip()))


def plain(limit: int):
    def read(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()[:limit]

    return read


def email(text: str) -> str:
    """A malformed address is dropped, not the person."""
    found = text.strip().lower()
    return found if re.fullmatch(r"[^@\s;,]+@[^@\s;,]+\.[a-z]{2,}", found) and len(found) <= 254 else ""


def civility(text: str) -> str:
    return {"m": "M.", "mr": "M.", "mme": "Mme", "mlle": "Mme", "melle": "Mme"}.get(
        re.sub(r"[^a-z]", "", fold(text)), ""
    )
