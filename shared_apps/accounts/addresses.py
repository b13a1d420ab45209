"""The address of an account: confirmed by a link to the new one, told to the old one, which may take it back."""

from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import signing
from core.errors import DomainError
from shared_apps.accounts import devices, effects
from shared_apps.accounts.models import AddressChange, User
from shared_apps.audit.services import record

CONFIRM, REVERT = "accounts.address.confirm", "accounts.address.revert"
TO_CONFIRM = timedelta(days=3)
TO_REVERT = timedelta(days=7)
KEPT = timedelta(days=30)  # then the addresses of before are forgotten


@transaction.atomic
def ask(*, actor: User, email: str) -> AddressChange | None:
    """One's own. Nothing changes before the new address answers; taking one's address away is done at once.

    None when the address is already this one.
    """
    user = User.objects.select_for_update().get(pk=actor.pk)
    user.address_changes.filter(confirmed_at=None).delete()
    if email.lower() == user.email.lower():
        return None
    change = AddressChange.objects.create(user=user, old_email=user.email, new_email=email)
    record(actor=actor, action="accounts.address_asked", obj=user, has_address=bool(email))
    if email:
        effects.mail("confirm_address", key=f"address:{change.pk}:confirm", change=str(change.pk))
    else:
        _apply(change)
    return change


@transaction.atomic
def confirm(*, token: str) -> AddressChange:
    """The link in the new mailbox. Raises DomainError: stale."""
    change = _found(token, CONFIRM, TO_CONFIRM)
    if change.confirmed_at is None:
        _apply(change)
    return change


@transaction.atomic
def revert(*, token: str) -> AddressChange:
    """« Ce n’était pas moi », from the old mailbox: the address of before, every session ended, later changes void."""
    change = _found(token, REVERT, TO_REVERT)
    user = User.objects.select_for_update().get(pk=change.user_id)
    now = timezone.now()
    later = user.address_changes.filter(created_at__gte=change.created_at)
    later.update(reverted_at=now, updated_at=now)
    user.email, user.session_stamp = change.old_email, user.session_stamp + 1
    user.save(update_fields=["email", "session_stamp", "updated_at"])
    devices.forget_all(user)
    record(actor=user, action="accounts.address_reverted", obj=user)
    change.user = user
    return change


def pending(user: User) -> AddressChange | None:
    """The one that waits for its confirmation."""
    since = timezone.now() - TO_CONFIRM
    return user.address_changes.filter(confirmed_at=None, reverted_at=None, created_at__gt=since).first()


def look(token: str, purpose: str) -> AddressChange:
    """What the page behind a link is about. Raises DomainError: stale."""
    return _found(token, purpose, TO_CONFIRM if purpose == CONFIRM else TO_REVERT)


def token_for(change: AddressChange, purpose: str) -> str:
    return signing.dumps(str(change.pk), purpose=purpose)


def forget_old() -> None:
    """Each night, in each schema."""
    AddressChange.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _apply(change: AddressChange) -> None:
    now = timezone.now()
    change.confirmed_at = now
    change.save(update_fields=["confirmed_at", "updated_at"])
    User.objects.filter(pk=change.user_id).update(email=change.new_email, updated_at=now)
    has_address = bool(change.new_email)
    record(actor=change.user, action="accounts.address_changed", obj=change.user, has_address=has_address)
    if change.old_email:
        effects.mail("address_changed", key=f"address:{change.pk}:told", change=str(change.pk))


def _found(token: str, purpose: str, life: timedelta) -> AddressChange:
    try:
        pk = signing.loads(token, purpose=purpose, max_age=int(life.total_seconds()))
    except BadSignature as error:
        raise _stale() from error
    rows: Any = AddressChange.objects.select_related("user").filter(pk=pk, reverted_at=None, user__is_active=True)
    change = rows.first()
    if change is None or (purpose == REVERT and change.confirmed_at is None):
        raise _stale()
    return change


def _stale() -> DomainError:
    return DomainError(_("Ce lien n’est plus valable. Rien n’a été changé."), code="stale")
