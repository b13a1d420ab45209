"""The academy's accounts from the command line: the first administrator, and who lost every way in."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts import services, totp
from shared_apps.accounts.models import StaffRole, User
from shared_apps.audit.services import record

Role = StaffRole.Role
# What the scope of a role is, for the two that have one: a circonscription's UAI, a département's code.
SCOPES = {Role.INSPECTOR: r"\d{7}[A-Z]", Role.DASEN: r"\d{2,3}|2[AB]"}


@transaction.atomic
def add_staff(
    *, actor: Any, identifier: str, first_name: str, last_name: str, email: str, role: str, scope: str = ""
) -> User:
    """An account of the academy with its first role. Raises DomainError: identifier_taken, identifier, scope."""
    _check_identifier(identifier)
    _check_scope(role, scope)
    user = services.create_account(first_name=first_name, last_name=last_name, email=email)
    user.identifier = identifier
    user.save(update_fields=["identifier", "updated_at"])
    StaffRole.objects.create(user=user, role=role, scope=scope)
    record(actor=actor, action="accounts.staff_added", obj=user, role=role, scope=scope)
    return user


@transaction.atomic
def let_in_again(*, actor: Any, identifier: str) -> User:
    """A new code, and the second factor to enrol again: for who lost the phone, and for the only administrator.

    Raises DomainError: unknown_account.
    """
    user = User.objects.active().filter(identifier=identifier).first()
    if user is None:
        raise DomainError(_("Aucun compte actif ne porte cet identifiant."), code="unknown_account")
    totp.forget(actor=actor, user=user)
    services.renew_code(actor=actor, user=user)
    user.refresh_from_db()
    return user


def _check_identifier(identifier: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", identifier):
        raise DomainError(
            _("Un identifiant s’écrit en minuscules, sans accent ni espace : nadia.bousquet."), code="identifier"
        )
    if User.objects.filter(identifier=identifier).exists():
        raise DomainError(_("Cet identifiant est déjà pris."), code="identifier_taken")


def _check_scope(role: str, scope: str) -> None:
    pattern = SCOPES.get(Role(role), "")
    if not re.fullmatch(pattern, scope):
        raise DomainError(
            _("Le périmètre est l’UAI d’une circonscription (IEN), un département (DASEN), rien pour les autres."),
            code="scope",
        )
