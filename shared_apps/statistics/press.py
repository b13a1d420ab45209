"""The paragraph of the press, written anew from the data of the day: whole sentences, agreed in number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import figure, share
from shared_apps.statistics.adoption import Standing

# A count as it is shown; on a page, a link to its rows.
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Mark = Callable[[str, str], Any]  # (words, a key of `ROWS`) -> words


@dataclass(frozen=True, slots=True)
class Place:
    """A name of the sentences, with the article that French asks for."""

    code: str
    name: Any
    inside: Any


PLACES = {
    place.code: place
    for place in (
        Place("", gettext_lazy("Académie de Montpellier"), gettext_lazy("Dans l’académie de Montpellier")),
        Place("11", "Aude", gettext_lazy("Dans l’Aude")),
        Place("30", "Gard", gettext_lazy("Dans le Gard")),
        Place("34", "Hérault", gettext_lazy("Dans l’Hérault")),
        Place("48", "Lozère", gettext_lazy("En Lozère")),
        Place("66", "Pyrénées-Orientales", gettext_lazy("Dans les Pyrénées-Orientales")),
    )
}


# The rows behind a figure: the list's page, and what it filters.
ROWS = {
    "communes": ("onboarding:communes", "adhesion=oui"),
    "all_communes": ("onboarding:communes", ""),
    "latest": ("onboarding:communes", "adhesion=oui&tri=adhesion"),
    "schools": ("onboarding:schools", "adhesion=oui"),
    "all_schools": ("onboarding:schools", ""),
}


def plain(words: str, _kind: str) -> str:
    return words


def sentences(
    place: Place, now: Standing, *, before: Standing, whole: Standing | None = None, mark: Mark = plain
) -> list[str]:
    """`before`: a year ago. `whole`: the académie, to compare with."""
    found = [_communes(place, now, mark)]
    if now.schools_joined:
        found.append(_schools(now, mark))
    if now.communes_joined or before.communes_joined:
        found.append(_year(now, before, mark))
    if whole is not None and now.communes_joined:
        found.append(_compared(now, whole))
    return found


def _say(text: str, words: dict[str, Any]) -> str:
    """A sentence whose words may be links."""
    return format_html(PLACEHOLDER.sub(r"{\1}", text), **words)


def _communes(place: Place, now: Standing, mark: Mark) -> str:
    n, total = now.communes_joined, now.communes
    words = {
        "inside": place.inside,
        "n": mark(figure(n), "communes"),
        "all": mark(figure(total), "all_communes"),
        "rate": mark(share(n, total), "communes"),
    }
    if not total:
        return _say(_("%(inside)s, aucune commune n’a d’école publique."), words)
    if not n:
        text = ngettext(
            "%(inside)s, la seule commune qui a une école publique n’a pas encore rejoint l’ENT-école.",
            "%(inside)s, aucune des %(all)s communes qui ont une école publique n’a encore rejoint l’ENT-école.",
            total,
        )
    elif n == total:
        text = ngettext(
            "%(inside)s, la seule commune qui a une école publique a rejoint l’ENT-école.",
            "%(inside)s, les %(n)s communes qui ont une école publique ont toutes rejoint l’ENT-école.",
            total,
        )
    else:
        text = ngettext(
            "%(inside)s, %(n)s commune a rejoint l’ENT-école sur %(all)s qui ont une école publique, soit %(rate)s.",
            "%(inside)s, %(n)s communes ont rejoint l’ENT-école sur %(all)s qui ont une école publique, soit %(rate)s.",
            n,
        )
    return _say(text, words)


def _schools(now: Standing, mark: Mark) -> str:
    n = now.schools_joined
    pupils = ngettext("%(n)s élève", "%(n)s élèves", now.pupils_joined) % {"n": figure(now.pupils_joined)}
    words = {
        "n": mark(figure(n), "schools"),
        "all": mark(figure(now.schools), "all_schools"),
        "rate": mark(share(n, now.schools), "schools"),
        "pupils": mark(pupils, "schools"),
    }
    if n == now.schools:
        text = ngettext(
            "La seule école publique s’en sert ; elle accueille %(pupils)s.",
            "Les %(n)s écoles publiques s’en servent toutes ; elles accueillent %(pupils)s.",
            n,
        )
    else:
        text = ngettext(
            "%(n)s école publique sur %(all)s s’en sert, soit %(rate)s ; elle accueille %(pupils)s.",
            "%(n)s écoles publiques sur %(all)s s’en servent, soit %(rate)s ; elles accueillent %(pupils)s.",
            n,
        )
    return _say(text, words)


def _year(now: Standing, before: Standing, mark: Mark) -> str:
    more = now.communes_joined - before.communes_joined
    words = {"n": mark(figure(abs(more)), "latest")}
    if more > 0:
        text = ngettext(
            "C’est %(n)s commune de plus qu’il y a un an.", "Ce sont %(n)s communes de plus qu’il y a un an.", more
        )
    elif more < 0:
        text = ngettext(
            "C’est %(n)s commune de moins qu’il y a un an.", "Ce sont %(n)s communes de moins qu’il y a un an.", -more
        )
    else:
        text = _("Le nombre de communes n’a pas changé depuis un an.")
    return _say(text, words)


def _compared(now: Standing, whole: Standing) -> str:
    here, there = share(now.communes_joined, now.communes), share(whole.communes_joined, whole.communes)
    if here == there:
        text = _("C’est la part de toute l’académie (%(rate)s des communes).")
    elif now.communes_joined * whole.communes > whole.communes_joined * now.communes:
        text = _("C’est plus que dans toute l’académie (%(rate)s des communes).")
    else:
        text = _("C’est moins que dans toute l’académie (%(rate)s des communes).")
    return _say(text, {"rate": there})
