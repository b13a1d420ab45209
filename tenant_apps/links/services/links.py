"""An account here and an account there become one person's: proposed here, agreed there, confirmed here, ended there.

Each of the four acts asks the session of its own commune, so that one browser held both accounts, one after the
other and back: a letter that leaks, or that somebody is led to open, is not enough (docs/adr/0019).
"""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import in_schema, require_commune
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.notifications import uplink
from tenant_apps.links.models import AccountLink, seal_of
from tenants.models import Commune
from tenants.neighbours import Neighbour

REVOKED = "links.revoked"


@transaction.atomic
def propose_link(*, actor: User, to: Neighbour) -> AccountLink:
    """Raises DomainError when the account is already linked there."""
    user = _locked(actor)
    if any(link.other == to.schema for link in AccountLink.objects.leaving(user)):
        words = _("Votre compte est déjà relié à un compte de %(town)s. Déliez-le d’abord.")
        raise DomainError(words % {"town": to.name}, code="already_linked")
    link = AccountLink.objects.create(user=user, other=to.schema, pair=uuid4(), expires_at=_deadline())
    record(actor=actor, action="links.proposed", obj=link, other=to.schema)
    return link


@transaction.atomic
def agree_to_link(*, actor: User, to: Neighbour, pair: UUID) -> AccountLink:
    """The yes of the commune that was asked. Raises DomainError when it answered already."""
    user = _locked(actor)
    facts = {"other": to.schema, "agreed_at": timezone.now(), "expires_at": _deadline()}
    link, is_new = AccountLink.objects.get_or_create(pair=pair, defaults={"user": user} | facts)
    if not is_new:
        raise DomainError(_("Cette demande a déjà reçu une réponse. Recommencez depuis l’autre commune."), code="used")
    record(actor=actor, action="links.agreed", obj=link, other=to.schema)
    return link


@transaction.atomic
def complete_link(*, actor: User, to: Neighbour, pair: UUID) -> AccountLink:
    """The other commune said yes, by its letter: from here the link holds. Raises DomainError."""
    user = _locked(actor)
    link = AccountLink.objects.pending().filter(user=user, other=to.schema, pair=pair).first()
    if link is None:
        raise DomainError(stale(), code="stale")
    _replace(link)
    now = timezone.now()
    link.agreed_at, link.completed_at = link.agreed_at or now, now
    link.seal = seal_of(user)
    link.save(update_fields=["agreed_at", "completed_at", "seal", "updated_at"])
    record(actor=actor, action="links.completed", obj=link, other=to.schema)
    return link


@transaction.atomic
def revoke_link(*, actor: User, link: AccountLink) -> None:
    """Nothing passes any more, at once; the other commune is told. Twice does no harm."""
    link = AccountLink.objects.select_for_update().get(pk=link.pk)
    if not actor.has_perm("links.end_link", link):
        raise PermissionDenied
    if link.revoked_at is not None:
        return
    _end(link, AccountLink.Ended.HERE)
    uplink.send(REVOKED, key=f"{REVOKED}:{link.pair}", data={"pair": link.pair, "other": link.other})
    record(actor=actor, action=REVOKED, obj=link, other=link.other)


def hear_revocation(schema: str, data: dict[str, Any]) -> None:
    """In `public`, which keeps nothing of it: the end of a link goes down to the other commune, and only that."""
    if not Commune.objects.laid().filter(schema_name=data["other"]).exists():
        return  # archived since: its half went with it
    with in_schema(data["other"]), transaction.atomic():
        require_commune()
        links = AccountLink.objects.select_for_update().filter(pair=data["pair"], other=schema, revoked_at=None)
        for link in links:
            _end(link, AccountLink.Ended.THERE)
            record(actor=None, action=REVOKED, obj=link, other=schema)


def stale() -> str:
    return _("Cette demande est terminée ou trop ancienne. Elle se fait en dix minutes, sur un seul appareil.")


def _locked(user: User) -> User:
    """One act at a time for an account: two tabs don't link it twice."""
    if not user.has_perm("links.link_account"):
        raise PermissionDenied
    return User.objects.select_for_update().get(pk=user.pk)


def _replace(link: AccountLink) -> None:
    """The account has one link with that commune: an older one, which slept, gives its place."""
    older = AccountLink.objects.joined().filter(user=link.user, other=link.other)
    for one in older.exclude(pk=link.pk):
        _end(one, AccountLink.Ended.HERE)


def _end(link: AccountLink, where: str) -> None:
    link.revoked_at, link.ended = timezone.now(), where
    link.save(update_fields=["revoked_at", "ended", "updated_at"])


def _deadline() -> Any:
    return timezone.now() + AccountLink.PROPOSAL_LIFE
