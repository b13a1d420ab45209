"""The words of profiles, services, devices; and what the DNMA calls them."""

from datetime import date
from typing import Any

from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import figure
from shared_apps.statistics.masking import SMALLEST

PROFILES = {
    "pupil": gettext_lazy("Élèves"),
    "guardian": gettext_lazy("Parents"),
    "teacher": gettext_lazy("Enseignants"),
    "head": gettext_lazy("Directions d’école"),
    "moving": gettext_lazy("Personnels de l’académie"),
    "municipal": gettext_lazy("Agents de la collectivité"),
}
# PROFIL of the national measure of audience (DNMA), which has no word for a town's agents.
DNMA_PROFILES = {
    "pupil": "ELEVE",
    "guardian": "PARENT",
    "teacher": "ENSEIGNANT",
    "head": "ADMIN_VIE_SCOL_TECH",
    "moving": "ADMIN_VIE_SCOL_TECH",
    "municipal": "AGENT_COLLECTIVITE",
}
OTHER = "AUTRE"
DEVICES = {
    "phone": gettext_lazy("Téléphone"),
    "tablet": gettext_lazy("Tablette"),
    "desktop": gettext_lazy("Ordinateur"),
    "app": gettext_lazy("Application"),
}
WEEKDAYS = {
    "1": gettext_lazy("lundi"),
    "2": gettext_lazy("mardi"),
    "3": gettext_lazy("mercredi"),
    "4": gettext_lazy("jeudi"),
    "5": gettext_lazy("vendredi"),
    "6": gettext_lazy("samedi"),
    "7": gettext_lazy("dimanche"),
}
SERVICES = {"home": gettext_lazy("accueil"), "people": gettext_lazy("classes et familles")}


def service(name: str) -> str:
    """A service is an app: its own name, as its maker wrote it."""
    if name in SERVICES:
        word = str(SERVICES[name])
    elif name in apps.app_configs:
        word = str(apps.get_app_config(name).verbose_name)
    else:
        word = name
    return word[:1].upper() + word[1:]


def hidden(value: int) -> int | None:
    """None for a count between one and four: it could tell of one person, the head of a school is alone."""
    return None if 0 < value < SMALLEST else value


def shown(value: int | None) -> str:
    return _("masqué") if value is None else figure(value)


def plain(value: int | None) -> Any:
    """In a file: a number stays one."""
    return _("masqué") if value is None else value


def month_name(month: date) -> str:
    return date_format(month, "F Y")


def evolution(now: int, before: int) -> str:
    """« +12 % »; nothing when there was nothing before, or a count that is hidden."""
    if before < SMALLEST or hidden(now) is None:
        return ""
    change = round(100 * (now - before) / before)
    return f"{change:+d}\u202f%".replace("-", "−")


def label(words: dict[str, Any], key: str) -> str:
    return str(words.get(key, key))
