"""The agent comes in: asked here, answered at the academy, opened here, once. As staff who move do, but for one access.

This commune asks with a number that stays in the browser's session here; the answer names that number and the access.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import PUBLIC
from shared_apps.audit.services import record
from tenant_apps.support.models import SupportAccess
from tenants import letters
from tenants.letters import Letter
from tenants.neighbours import neighbour

ASKED_KEY = "support_asked"
ACCESS_KEY = "support_access"  # the session was opened by this access


def ask(request: HttpRequest, access: str) -> str:
    """The address where the academy answers."""
    academy: Any = neighbour(PUBLIC)
    number = get_random_string(32)
    request.session[ASKED_KEY] = [number, access]
    letter = letters.write("support_asking", to=academy, data={"number": number, "access": access})
    return f"{academy.url}/assistance/passage/?lettre={letter}"


@transaction.atomic
def opened_by(request: HttpRequest, letter: Letter) -> SupportAccess:
    """The access that the letter opens. Raises DomainError: not_asked, over, spent."""
    asked = [letter.data.get("number"), letter.data.get("access")]
    if letter.sender.schema != PUBLIC or request.session.pop(ASKED_KEY, None) != asked:
        raise DomainError(_("Ce passage a déjà servi, ou a été demandé sur un autre appareil."), code="not_asked")
    access = access_of(letter)
    if letter.number in access.spent:
        raise DomainError(_("Ce passage a déjà servi."), code="spent")
    access.spent = [*access.spent, letter.number]
    access.save(update_fields=["spent", "updated_at"])
    record(actor=access.account, action="support.access_entered", obj=access, agent=str(access.agent))
    return access


def access_of(letter: Letter) -> SupportAccess:
    rows = SupportAccess.objects.running().select_for_update(of=("self",)).select_related("account", "school")
    access = rows.filter(pk=str(letter.data["access"]), agent=str(letter.data["agent"])).first()
    if access is None or access.account is None:
        raise DomainError(_("Cet accès n’est pas accordé, ou il est terminé."), code="over")
    return access
