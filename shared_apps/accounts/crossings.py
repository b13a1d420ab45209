"""« Prouver l’isolement »: what this room adds to the attempts."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.ids import uuid7
from core.tenancy import in_schema
from shared_apps.accounts import codes, services
from shared_apps.accounts.models import User
from tenants.crossings import Attempt, CrossedError
from tenants.models import Commune


def use_activation_code(origin: Commune, target: Commune) -> Attempt:
    """The code of an account of the one commune that waits (else of an invented one), typed in the other."""
    with in_schema(origin.schema_name):
        user = User.objects.not_activated().first() or User(pk=uuid7(), code_generation=1)
        code = codes.code_of(user)
    tried = _("Un code d’activation de %(origin)s, tapé à %(target)s") % {"origin": origin, "target": target}
    try:
        with in_schema(target.schema_name):
            services.account_for(code=code)
    except DomainError as refusal:
        return Attempt(tried, refusal.message)
    raise CrossedError(tried, _("Le code a ouvert un compte."))
