"""The types of news, as each room declares them in `core.registry.notice_types`: no room is named here."""

from django.utils.translation import gettext_lazy as _

from core import registry
from core.registry import NoticeType

EVERYBODY = frozenset({"head", "teacher", "moving", "municipal", "guardian", "academy"})
OTHER = "other"
NEEDS = {"sign": _("À signer"), "pay": _("À payer"), "do": _("À faire"), "read": _("À lire")}
THEMES = {
    "sign": _("À signer"),
    "presence": _("Absences"),
    "words": _("Mots, messages et rendez-vous"),
    "school": _("La classe et l’école"),
    OTHER: _("Plus rarement"),
}


def type_of(kind: str) -> tuple[str, NoticeType]:
    """Of a kind of notice: the type of its name, or of all that is before its dot, or the rest."""
    for name in (kind, kind.partition(".")[0]):
        if name in registry.notice_types:
            return name, registry.notice_types[name]
    return OTHER, registry.notice_types[OTHER]


def types_for(profiles: tuple[str, ...]) -> dict[str, NoticeType]:
    """Those that a person of these profiles chooses, the rest last."""
    found = {
        name: one
        for name, one in registry.notice_types.items()
        if not one.is_fixed and not one.profiles.isdisjoint(profiles)
    }
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == OTHER, list(NEEDS).index(pair[1].need))))


def by_theme(types: dict[str, NoticeType]) -> dict[str, dict[str, NoticeType]]:
    """What is to sign stands together, whatever it is."""
    found: dict[str, dict[str, NoticeType]] = {theme: {} for theme in THEMES}
    for name, one in types.items():
        found["sign" if one.need == "sign" else one.theme][name] = one
    return {theme: named for theme, named in found.items() if named}
