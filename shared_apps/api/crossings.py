"""« Prouver l’isolement »: a key of one commune, shown to another."""

from django.utils.translation import gettext as _

from core.tenancy import in_schema
from shared_apps.api import services
from tenants.crossings import Attempt, CrossedError
from tenants.models import Commune


def use_access_token(origin: Commune, target: Commune) -> Attempt:
    """No key can be read back: two schemas that gave one digest to one key would let it pass."""
    digests = set()
    for commune in (origin, target):
        with in_schema(commune.schema_name):
            digests.add(services.digest_of(f"{services.PREFIX}essai"))
    tried = _("Une clé de lecture de %(origin)s, présentée à %(target)s") % {"origin": origin, "target": target}
    if len(digests) == 2:
        return Attempt(tried, _("Clé inconnue."))
    raise CrossedError(tried, _("La clé a été reconnue."))
