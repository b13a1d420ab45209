"""« Où est mon école ? » : from a town, a postal code or a school to the address where one signs in.

By public facts only: never by identifier or electronic address, which would tell where somebody lives.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.text import sort_key
from shared_apps.reference.models import RefCommune, RefSchool
from tenants.models import Commune, Domain

AT_MOST = 8
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A town or a school that answers; `insee` is empty where the commune has no space yet."""

    name: str
    detail: str
    insee: str


def search(text: str) -> list[Place]:
    """Towns first, then schools; without accents nor case, a near name when none matches."""
    if len(sort_key(text)) < SHORTEST:
        return []
    towns = list(RefCommune.objects.findable().search(text)[:AT_MOST])
    schools = [] if text.strip()[:1].isdigit() else _schools(text)
    places = {town: (town.insee, town.successor_id) for town in towns}
    rooms = {school: (school.former_commune_id, school.commune_id) for school in schools}
    joined = _joined([code for pair in (*places.values(), *rooms.values()) for code in pair if code])
    return [Place(town.name, _of_town(town), _first(codes, joined)) for town, codes in places.items()] + [
        Place(school.name, school.commune.name, _first(codes, joined)) for school, codes in rooms.items()
    ]


def _first(codes: tuple[str | None, str | None], joined: set[str]) -> str:
    """Merged communes keep their spaces until somebody decides: one signs in where one always did."""
    return next((code for code in codes if code and code in joined), "")


def commune(insee: str) -> Commune | None:
    """The one whose address answers people."""
    return Commune.objects.reachable().filter(insee=insee).first()


def address(found: Commune) -> str:
    """`https://narbonne.<domain>/`"""
    return Domain.objects.get(tenant=found, is_primary=True).get_absolute_url()


def _schools(text: str) -> list[RefSchool]:
    """Each word is of the school or of its town: « Lakanal Narbonne »."""
    rows: Any = RefSchool.objects.current().select_related("commune")
    every = Q()
    for word in sort_key(text).split():
        every &= _begins(word, "sort_name") | _begins(word, "commune__sort_name")
    found = list(rows.filter(every & ~_only_town(text)).order_by("sort_name", "uai")[:AT_MOST])
    return found or list(rows.search(text)[:AT_MOST])


def _only_town(text: str) -> Q:
    """A town's name alone is answered by the town, not by each of its schools."""
    every = Q()
    for word in sort_key(text).split():
        every &= _begins(word, "commune__sort_name") & ~_begins(word, "sort_name")
    return every


def _begins(word: str, field: str) -> Q:
    return Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})


def _joined(codes: list[str]) -> set[str]:
    return set(Commune.objects.reachable().filter(insee__in=codes).values_list("insee", flat=True))


def _of_town(town: RefCommune) -> str:
    """« 11100 · Aude »"""
    first = town.postal_codes.split(" ")[0]
    return _("%(code)s · %(department)s") % {"code": first, "department": town.department}
