"""Entering here with what was proved elsewhere: at the linked commune, or at the academy.

This commune asks with a number that stays in the browser's session here; the answer names that number. So an answer
shown in another browser opens nothing, and nobody is led into somebody else's account.
"""

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from tenant_apps.links.models import AccountLink, SpentLetter
from tenant_apps.people.profiles import profiles_of
from tenants import letters
from tenants.letters import Letter
from tenants.neighbours import Neighbour

ASKED_KEY = "passages"
LINK_KEY = "link"  # the session was opened by this link
TABS = 5
STAYS = timedelta(hours=1)


def ask(request: HttpRequest, of: Neighbour) -> str:
    """The address where the other side answers. Several tabs may ask; the oldest are forgotten."""
    number = get_random_string(32)
    asked = request.session.get(ASKED_KEY, [])
    request.session[ASKED_KEY] = [*asked, [number, of.schema]][-TABS:]
    return f"{of.url}/passage/vers/?lettre={letters.write('asking', to=of, data={'number': number})}"


def answer_asked(request: HttpRequest, letter: Letter) -> None:
    """The letter answers what this browser asked, and serves once. Raises DomainError."""
    asked = request.session.get(ASKED_KEY, [])
    mine = [letter.data.get("number"), letter.sender.schema]
    if mine not in asked:
        raise DomainError(_("Ce passage a déjà servi, ou a été demandé sur un autre appareil."), code="not_asked")
    request.session[ASKED_KEY] = [one for one in asked if one != mine]
    spend(letter)


def spend(letter: Letter) -> None:
    """Raises DomainError when it served already, be it in the same instant."""
    expires_at = timezone.now() + timedelta(seconds=letters.LIFE[letter.kind])
    row = SpentLetter(number=letter.number, expires_at=expires_at)
    with transaction.atomic():
        # Not `get_or_create`, which would look first: the constraint decides between two at once.
        made = SpentLetter.objects.bulk_create([row], ignore_conflicts=True)
        if not SpentLetter.objects.filter(pk=made[0].pk).exists():
            raise DomainError(_("Ce passage a déjà servi."), code="spent")


# --- answering: this commune holds the session


def opening_for(*, actor: User, asking: Letter) -> str:
    """The address that opens the other commune to its account of the same person. Raises DomainError."""
    link = next((one for one in AccountLink.objects.leaving(actor) if one.other == asking.sender.schema), None)
    if link is None:
        raise DomainError(
            _("Votre compte n’est pas relié à un compte de %(town)s.") % {"town": asking.sender.name}, code="no_link"
        )
    data = {"number": asking.data["number"], "pair": str(link.pair)}
    record(actor=actor, action="links.passage_given", obj=link, other=link.other)
    return f"{asking.sender.url}/passage/arrivee/?lettre={letters.write('opening', to=asking.sender, data=data)}"


# --- being answered: this commune opens a session


def linked_account(letter: Letter, *, opens_session: bool = True) -> AccountLink:
    """Whom a letter of a linked commune is about. Raises DomainError with what remains possible."""
    links = AccountLink.objects.arriving().select_related("user")
    link = links.filter(other=letter.sender.schema, pair=letter.data["pair"]).first()
    if link is None:
        raise DomainError(_("Ce lien entre vos deux comptes n’existe plus."), code="no_link")
    if opens_session:
        _check_policy(link.user)
    return link


def _check_policy(user: User) -> None:
    """A password typed in another commune opens a parent's account, never a function nor an account that asks more."""
    profiles = profiles_of(user)
    if "guardian" not in profiles:
        raise DomainError(_("Vous n’avez plus d’enfant dans les écoles de cette commune."), code="left")
    if profiles != ("guardian",) or user.second_factors.filter(confirmed_at__isnull=False).exists():
        raise DomainError(
            _("Ici, votre compte ouvre davantage que vos enfants : entrez avec votre mot de passe."), code="asks_more"
        )
