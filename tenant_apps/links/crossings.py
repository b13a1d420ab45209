"""« Prouver l’isolement »: what this room adds to the attempts."""

from django.utils.translation import gettext as _

from core.tenancy import in_schema
from tenants import letters
from tenants.crossings import Attempt, CrossedError
from tenants.models import Commune
from tenants.neighbours import neighbour


def open_letter(origin: Commune, target: Commune) -> Attempt:
    """A letter written for the one commune, opened in the other that wrote it."""
    tried = _("Une lettre de %(origin)s à %(target)s, relue à %(origin)s") % {"origin": origin, "target": target}
    with in_schema(origin.schema_name):
        there = neighbour(target.schema_name)
        if there is None:
            return Attempt(tried, _("L’autre commune est fermée : rien ne lui est écrit."))
        text = letters.write("children", to=there, data={"pair": "-"})
        try:
            letters.read("children", text)
        except letters.UnreadableLetter:
            return Attempt(tried, _("Illisible ailleurs qu’à %(target)s.") % {"target": target})
    raise CrossedError(tried, _("La lettre s’est ouverte."))
