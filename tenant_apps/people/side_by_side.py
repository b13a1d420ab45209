"""Two records as a head reads them: what is the same, what differs, and nothing more of another school's family."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.words import dated
from tenant_apps.people.duplicates import Candidate, words
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment

LABELS = {
    "name": lazy("Nom"),
    "birth": lazy("Naissance"),
    "email": lazy("Courriel"),
    "phone": lazy("Téléphone"),
    "home": lazy("Adresse"),
    "links": lazy("Enfants"),
    "class": lazy("Classe"),
    "work": lazy("Fonctions"),
    "account": lazy("Compte"),
}
OPEN = {"name", "birth", "class"}  # what tells two people apart; the rest of another school's family is masked


def row(pair: Candidate, one: Person, two: Person) -> dict[str, Any]:
    """A line of the list."""
    return {"pair": pair, "one": one, "two": two, "reasons": words(pair.reasons)}


def compared(one: Person, two: Person, spoken: dict[Any, bool]) -> dict[str, Any]:
    """For the component `compare`."""
    facts = {person.pk: _facts(person) for person in (one, two)}
    left, right = facts[one.pk], facts[two.pk]
    told = [(key, left[key], right[key]) for key in LABELS if left[key] or right[key]]
    rows = [
        {
            "label": LABELS[key],
            "left": _shown(key, a, b, spoken[one.pk]),
            "right": _shown(key, b, a, spoken[two.pk]),
            "differs": bool(a and b) and a != b and key not in ("links", "account", "work", "class"),
        }
        for key, a, b in told
    ]
    return {"left": _head(one, spoken), "right": _head(two, spoken), "rows": rows}


def likely_to_stay(one: Person, two: Person) -> Person:
    """The one whose account is in use; else the one known first."""
    used = [person for person in (one, two) if person.account is not None and person.account.is_activated]
    return used[0] if len(used) == 1 else one


def _head(person: Person, spoken: dict[Any, bool]) -> dict[str, Any]:
    return {"title": person.full_name, "tag": _("Votre école") if spoken[person.pk] else _("Une autre école")}


def _shown(key: str, value: str, other: str, is_mine: bool) -> str:
    if is_mine or key in OPEN or value == other or not value:
        return value
    return _("autre, masqué")


def _facts(person: Person) -> dict[str, str]:
    links = Guardianship.objects.current().filter(guardian=person).select_related("pupil__person")
    work = StaffAssignment.objects.on().filter(person=person).select_related("school")
    enrolled = Enrollment.objects.on().filter(pupil__person=person).select_related("school_class__school")
    account = person.account
    return {
        "name": _(" et ").join(sorted({f"{person.first_name} {last}" for last in _lasts(person)})),
        "birth": dated(person.birth_date) if person.birth_date else "",
        "email": person.email,
        "phone": person.phone,
        "home": ", ".join(filter(None, [person.address, person.city])),
        "links": ", ".join(link.pupil.person.first_name for link in links),
        "class": ", ".join(f"{one.school_class.label}, {one.school_class.school}" for one in enrolled),
        "work": ", ".join(str(one.get_role_display()) for one in work),
        "account": "" if account is None else _("en service") if account.is_activated else _("pas encore activé"),
    }


def _lasts(person: Person) -> set[str]:
    return {last for last in (person.birth_name, person.usage_name) if last}
