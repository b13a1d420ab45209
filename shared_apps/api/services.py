"""Access tokens: made once, shown once, found again by a keyed digest that names the commune."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.tenancy import current_schema
from shared_apps.accounts.models import User
from shared_apps.api.models import AccessToken
from shared_apps.audit.services import record

PREFIX = "ent_"
LIVES = (7, 30, 90)  # days
AT_MOST = 10  # live keys of one account


def digest_of(key: str) -> str:
    """Bound to this schema: a key, or a stolen row, means nothing in another commune."""
    message = f"ent.api:{current_schema()}:{key}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), sha256).hexdigest()


@transaction.atomic
def make_token(*, actor: Any, name: str, days: int) -> tuple[AccessToken, str]:
    """The row and the key, which nobody can tell again. Raises DomainError: too many, a life that isn't offered."""
    if not actor.has_perm("api.make_token"):
        raise PermissionDenied
    if days not in LIVES:
        raise DomainError(_("Choisissez une durée parmi celles proposées."), code="days")
    user = User.objects.select_for_update().get(pk=actor.pk)
    if AccessToken.objects.of(user).live().count() >= AT_MOST:
        raise DomainError(_("Vous avez déjà dix clés : révoquez-en une d’abord."), code="too_many")
    key = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        name=" ".join(name.split()),
        digest=digest_of(key),
        tail=key[-4:],
        session_stamp=user.session_stamp,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(actor=actor, action="api.token_made", obj=token, days=days, scope=token.scope)
    return token, key


@transaction.atomic
def revoke_token(*, actor: Any, token: AccessToken) -> None:
    """One's own; it opens nothing from the next request on."""
    token = AccessToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.user_id != actor.pk:
        raise PermissionDenied
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at", "updated_at"])
        record(actor=actor, action="api.token_revoked", obj=token)


def token_for(key: str) -> AccessToken | None:
    """The live token of a key, its account with it."""
    if not key.startswith(PREFIX):
        return None
    token = AccessToken.objects.live().select_related("user").filter(digest=digest_of(key)).first()
    if token is not None:
        _note_use(token)
    return token


def _note_use(token: AccessToken) -> None:
    """The day only, and once a day: reading must not write each time, nor tell at what hour one works."""
    today = timezone.localdate()
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)
