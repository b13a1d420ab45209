"""The values of ONDE's columns. Each reader returns the value, or raises with a French reason: `BadValue` rejects the
line, `Dropped` only empties the cell and says so.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from core.text import fold
from core.today import today
from tenant_apps.people.roles import Role
from tenant_apps.schools.models import Grade

# Long forms that exist in exports: folded, without spaces nor « ère », « ème », « année ».
GRADES = {grade.value.lower(): grade for grade in Grade} | {
    "toutepetitesection": Grade.TPS,
    "toutpetits": Grade.TPS,
    "petitesection": Grade.PS,
    "moyennesection": Grade.MS,
    "grandesection": Grade.GS,
    "courspreparatoire": Grade.CP,
    "courselementaire1": Grade.CE1,
    "courselementaire2": Grade.CE2,
    "coursmoyen1": Grade.CM1,
    "coursmoyen2": Grade.CM2,
}
SEXES = {"f": "F", "feminin": "F", "fille": "F", "m": "M", "h": "M", "g": "M", "masculin": "M", "garcon": "M"}
CIVILITIES = {"m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "mlle": "Mme", "melle": "Mme", "madame": "Mme"}
# Letters of the Latin script (with their marks), and what stands between the words of a name.
NAME_SIGNS = re.compile(r"[^\W\d_ªº]|[\u0300-\u036f]|[ ’.,()/·-]")
# What a town calls its agents: the first word found decides.
MUNICIPAL_WORDS = (
    ("atsem", Role.NURSERY_ASSISTANT),
    ("asem", Role.NURSERY_ASSISTANT),
    ("maternelle", Role.NURSERY_ASSISTANT),
    ("cantine", Role.CANTEEN_AGENT),
    ("restauration", Role.CANTEEN_AGENT),
    ("cuisin", Role.CANTEEN_AGENT),
    ("regi", Role.BILLING_OFFICER),
    ("factur", Role.BILLING_OFFICER),
    ("affaires scolaires", Role.SCHOOL_SERVICE),
    ("service scolaire", Role.SCHOOL_SERVICE),
    ("service des ecoles", Role.SCHOOL_SERVICE),
    ("education", Role.SCHOOL_SERVICE),
    ("anim", Role.ACTIVITY_LEADER),
    ("peri", Role.ACTIVITY_LEADER),
    ("garderie", Role.ACTIVITY_LEADER),
    ("accueil", Role.ACTIVITY_LEADER),
    ("etude", Role.ACTIVITY_LEADER),
    ("sport", Role.ACTIVITY_LEADER),
    ("elu", Role.ELECTED),
    ("adjoint au maire", Role.ELECTED),
    ("adjointe au maire", Role.ELECTED),
    ("maire", Role.ELECTED),
)
FIRST_YEAR, LAST_YEAR = 1960, 2070
YOUNGEST, OLDEST = 1, 16  # years, of a pupil of nursery or elementary school


class BadValue(ValueError):
    """The line can't be used. The message is read by the head."""


class Dropped(ValueError):
    """The cell can't be used, the line can."""


def name(text: str) -> str:
    """« LE GOFF » is shown « Le Goff »; a name typed with care is left as it is."""
    text = squeezed(text.replace("'", "’"))
    if len(text) > 100:
        raise BadValue(_("ce nom dépasse 100 lettres"))
    strange = NAME_SIGNS.sub("", text)
    if strange:
        raise BadValue(_("un nom ne contient pas « %(sign)s »") % {"sign": strange[0]})
    if text and not re.search("[a-z]", fold(text)):
        raise BadValue(_("ce nom n’est pas écrit en lettres latines"))
    return humane(text)


def required_name(text: str) -> str:
    return _filled(name(text))


def adult_first_name(text: str) -> str:
    if not text:
        raise BadValue(_("cette case est vide : un organisme, sans prénom, ne peut pas recevoir de compte"))
    return name(text)


def place(text: str) -> str:
    """A town: « NARBONNE », « SÈTE CEDEX 1 »."""
    text = squeezed(text.replace("'", "’"))[:100]
    return humane(text)


def birth_date(text: str) -> date:
    found = _day(_filled(text))
    age = (today() - found).days / 365.25
    if not YOUNGEST <= age <= OLDEST:
        raise BadValue(_("ce n’est pas la date de naissance d’un élève de l’école"))
    return found


def day(text: str) -> date | None:
    """Of a contract: may be empty."""
    found = _day(text) if text else None
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue(_("cette date n’est pas celle d’un emploi"))
    return found


def last_day(text: str) -> date | None:
    """« Jusqu’au 30 juin »: the right ends on 1 July (`ends_on` is excluded)."""
    found = day(text)
    return found + timedelta(days=1) if found else None


def _day(text: str) -> date:
    for layout in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, layout).date()  # noqa: DTZ007  (a day, without an hour)
        except ValueError:
            continue
    raise BadValue(_("cette date n’a pas la forme JJ/MM/AAAA ou AAAA-MM-JJ"))


def sex(text: str) -> str:
    key = fold(text)
    if key and key not in SEXES:
        raise BadValue(_("« %(text)s » n’est ni F ni M") % {"text": text[:20]})
    return SEXES.get(key, "")


def ine(text: str) -> str | None:
    found = re.sub(r"\s", "", text).upper()
    if found and not re.fullmatch(r"[0-9A-Z]{11}", found):
        raise BadValue(_("un INE a 11 chiffres et lettres"))
    return found or None


def grade(text: str) -> Grade:
    key = re.sub(r"[^a-z0-9]", "", fold(_filled(text)))
    key = re.sub(r"(?<=[12])(ere|er|eme|e)?(annee)?$", "", key)
    if key.startswith(("clis", "ulis")):
        raise BadValue(_("l’ULIS est un dispositif : indiquez dans ONDE le niveau de l’élève"))
    if key not in GRADES:
        raise BadValue(_("le niveau « %(text)s » n’est pas connu") % {"text": text[:40]})
    return GRADES[key]


def class_label(text: str) -> str:
    found = squeezed(_filled(text))
    if len(found) > 100:
        raise BadValue(_("ce libellé de classe dépasse 100 lettres"))
    return found


def yes_no(text: str) -> bool | None:
    return {"oui": True, "non": False}.get(fold(text))


def plain(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        return squeezed(text)[:limit]

    return read


def phone(text: str) -> str:
    """« 06 00 00 00 01 »; a number of another country is kept as typed."""
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[1-9]\d{8}", digits):  # a spreadsheet ate the first zero
        digits = f"0{digits}"
    if re.fullmatch(r"0[1-9]\d{8}", digits):
        return " ".join(re.findall("..", digits))
    if text and not 6 <= len(digits) <= 15:
        raise Dropped(_("ce numéro n’est pas un téléphone"))
    return squeezed(text)[:20]


def email(text: str) -> str:
    found = text.lower()
    if found and not (re.fullmatch(r"[^@\s;,<>]+@[^@\s;,<>]+\.[a-z]{2,}", found) and len(found) <= 254):
        raise Dropped(_("cette adresse électronique est mal écrite"))
    return found


def municipal_role(text: str) -> str:
    """« Restauration scolaire », « ATSEM », « Affaires scolaires »: which functions of the town these are."""
    words = fold(_filled(text))
    found = next((role for word, role in MUNICIPAL_WORDS if word in words), None)
    if found is None:
        raise BadValue(_("le service « %(text)s » n’est pas connu : voyez le modèle") % {"text": squeezed(text)[:40]})
    return found.value


def civility(text: str) -> str:
    return CIVILITIES.get(re.sub(r"[^a-z]", "", fold(text)), "")


def squeezed(text: str) -> str:
    return " ".join(text.split())


def _filled(text: str) -> str:
    if not text:
        raise BadValue(_("cette case est vide"))
    return text


def humane(text: str) -> str:
    """« LE GOFF » reads « Le Goff »; what is not in capitals stays as typed."""
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), text) if text.isupper() else text
