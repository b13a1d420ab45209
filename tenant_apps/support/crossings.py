"""« Prouver l’isolement »: what this room adds to the attempts."""

from uuid import uuid4

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_public, in_schema
from tenant_apps.support.models import Ticket
from tenant_apps.support.services import desk, entering
from tenants import letters
from tenants.crossings import Attempt, CrossedError
from tenants.models import Commune
from tenants.neighbours import neighbour


def enter_without_a_grant(origin: Commune, target: Commune) -> Attempt:
    """The academy writes itself a letter for an access that nobody granted."""
    tried = _("Une lettre de l’académie à %(target)s, pour un accès que personne n’a accordé") % {"target": target}
    with in_public():
        there = neighbour(target.schema_name)
        if there is None:
            return Attempt(tried, _("La commune est fermée."))
        data = {"number": "-", "access": str(uuid4()), "agent": str(uuid4())}
        text = letters.write("support_opening", to=there, data=data)
    with in_schema(target.schema_name):
        try:
            entering.access_of(letters.read("support_opening", text))
        except DomainError as refusal:
            return Attempt(tried, refusal.message)
    raise CrossedError(tried, _("La session s’est ouverte."))


def read_a_closed_thread(origin: Commune, target: Commune) -> Attempt:
    """The academy asks for a conversation that nobody opened to it."""
    tried = _("La conversation d’une demande de %(target)s, lue sans accord") % {"target": target}
    with in_schema(target.schema_name):
        closed = Ticket.objects.exclude(pk__in=Ticket.objects.readable_by_the_academy().values("pk")).first()
        found = desk.read_thread({"ticket": closed.pk if closed else uuid4(), "agent": str(uuid4())})
    if found:
        raise CrossedError(tried, _("La conversation a été lue."))
    return Attempt(tried, _("Aucune ligne : personne ne l’a ouverte à l’académie."))
