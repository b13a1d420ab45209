"""Which second factors an account has, and whether one is due."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.registry import AccountFacts
from core.tenancy import is_public
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.models import SecondFactor, User
from shared_apps.audit.services import record

GRACE = timedelta(days=14)  # a head who comes on Monday morning must be able to open the day
# What the session says is asked of it.
ASK, ENROL, SOON = "ask", "enrol", "soon"


def of(user: Any) -> QuerySet[SecondFactor]:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).order_by("confirmed_at", "pk")


def passkeys(user: Any) -> QuerySet[SecondFactor]:
    return of(user).filter(kind=SecondFactor.Kind.PASSKEY)


def asked_of(user: User, facts: AccountFacts, *, has_some: bool) -> str:
    """At a sign-in: give it, install one, install one soon, or nothing. Who has one is always asked for it."""
    if has_some:
        return ASK
    if is_public():
        return ENROL
    if not facts.needs_second_factor:
        return ""
    now = timezone.now()
    if user.second_factor_due_at is None:
        user.second_factor_due_at = now + GRACE
        User.objects.filter(pk=user.pk).update(second_factor_due_at=user.second_factor_due_at, updated_at=now)
    return SOON if user.second_factor_due_at > now else ENROL


@transaction.atomic
def remove(*, actor: User, factor: SecondFactor) -> None:
    """One's own. Raises DomainError for the last one of who must have one. Recovery codes pass to another."""
    mine = list(SecondFactor.objects.select_for_update().filter(user=actor, confirmed_at__isnull=False))
    others = [row for row in mine if row.pk != factor.pk]
    if not others and (is_public() or facts_of(actor).needs_second_factor):
        raise DomainError(_("C’est votre seule protection. Ajoutez-en une autre d’abord."), code="last_factor")
    if others and factor.recovery_digests:
        others[0].recovery_digests = [*others[0].recovery_digests, *factor.recovery_digests]
        others[0].save(update_fields=["recovery_digests", "updated_at"])
    record(actor=actor, action="accounts.second_factor_removed", obj=factor, kind=factor.kind)
    factor.delete()
