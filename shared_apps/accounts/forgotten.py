"""Forgotten password, forgotten identifier. Whoever asks learns nothing: the answer is the same for everybody.

With an address, a link goes there. Without one, those who can help are told: the class's teachers for a pupil, the
head of the school that keeps the code for an adult (`core.registry.account_helpers`).
"""

from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core import registry, signing
from core.errors import DomainError
from core.ids import uuid7
from core.tenancy import is_public
from core.text import fold, sort_key
from shared_apps.accounts import devices, effects, passwords
from shared_apps.accounts.facts import ties_of
from shared_apps.accounts.models import User
from shared_apps.audit.services import record

PURPOSE = "accounts.reset"
LIFE = timedelta(hours=1)
AT_MOST = 5  # accounts that share an address and a first name


@transaction.atomic
def ask_password(*, identifier: str) -> None:
    user = User.objects.active().filter(identifier=fold(identifier).strip()).first()
    _plan("password", [user] if user else [])


@transaction.atomic
def ask_identifier(*, email: str, first_name: str, place: str) -> None:
    """Whoever has this address, this first name and this school gets their identifier there."""
    found = User.objects.active().exclude(email="").filter(email__iexact=email)
    named = [user for user in found[:AT_MOST] if sort_key(user.first_name) == sort_key(first_name)]
    _plan("identifier", named, place=place)


def _plan(what: str, users: list[User], **facts: str) -> None:
    """One row whoever was asked for, so that the time taken tells nothing; at most one mail in ten minutes."""
    now = timezone.now()
    key = f"forgotten:{what}:{users[0].pk if users else uuid7()}:{now:%Y%m%d%H}{now.minute // 10}"
    effects.mail(f"forgotten_{what}", key=key, users=[str(user.pk) for user in users], **facts)


def places() -> list[str]:
    """The schools of the commune, in order; none at the academy."""
    if is_public():
        return []
    return sorted({name for names in registry.places for name in names()}, key=sort_key)


def is_of(user: User, place: str) -> bool:
    """« Aucune école » is answered by whoever has none: the town's officer."""
    mine = set(places()) & set(ties_of(user).words)
    return place in mine if place else not mine


def call_helpers(user: User) -> None:
    """Nobody can write to this person: those who may help them are told, once a day. At the academy, nobody is."""
    if is_public():
        return
    day = timezone.localdate().isoformat()
    title = _("%(name)s n’arrive plus à se connecter") % {"name": user.get_full_name()}
    for helpers in registry.account_helpers:
        for helper in helpers(user):
            effects.tell(
                user=helper.user,
                kind="accounts.help",
                title=title,
                path=helper.path,
                key=f"help:{user.pk}:{helper.user.pk}:{day}",
            )


def token_for(user: User) -> str:
    """Dies with the password it replaces."""
    return signing.dumps([str(user.pk), _state(user)], purpose=PURPOSE)


def look(token: str) -> User:
    """Raises DomainError: stale."""
    try:
        pk, state = signing.loads(token, purpose=PURPOSE, max_age=int(LIFE.total_seconds()))
    except (BadSignature, ValueError, TypeError) as error:
        raise _stale() from error
    user = User.objects.active().filter(pk=pk).exclude(activated_at=None).first()
    if user is None or state != _state(user):
        raise _stale()
    return user


@transaction.atomic
def reset(*, token: str, password: str) -> User:
    """Every session ends; a second factor is still asked. Raises DomainError: stale, or ValidationError."""
    user = User.objects.select_for_update().get(pk=look(token).pk)
    look(token)  # again, now that it is ours: of two clicks at once the second finds the link spent
    passwords.check(password, user)
    user.set_password(password)
    user.session_stamp += 1
    user.save(update_fields=["password", "password_set_at", "session_stamp", "updated_at"])
    devices.forget_all(user)
    record(actor=user, action="accounts.password_reset", obj=user)
    effects.mail("password_changed", key=f"reset:{user.pk}:{user.session_stamp}", users=[str(user.pk)])
    return user


def _state(user: Any) -> str:
    return salted_hmac(PURPOSE, f"{user.pk}:{user.session_stamp}:{user.password}:{user.email}").hexdigest()[:32]


def _stale() -> DomainError:
    return DomainError(_("Ce lien n’est plus valable. Demandez-en un autre."), code="stale")
