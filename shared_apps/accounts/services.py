"""What happens to an account: it is created, its code is printed, it is activated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.ids import uuid7
from core.text import slug
from shared_apps.accounts import codes
from shared_apps.accounts.models import User
from shared_apps.audit.services import record

CODE_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewAccount:
    first_name: str
    last_name: str
    email: str = ""


def create_account(*, first_name: str, last_name: str, email: str = "", taken: Any = None) -> User:
    return create_accounts([NewAccount(first_name, last_name, email)])[0]


@transaction.atomic
def create_accounts(rows: Iterable[NewAccount]) -> list[User]:
    """Any number in one INSERT, each with an identifier and a code, none with a usable password."""
    rows = list(rows)
    names = _identifiers([f"{slug(row.first_name)}.{slug(row.last_name)}"[:70] for row in rows])
    users = []
    for row, name in zip(rows, names, strict=True):
        user = User(id=uuid7(), identifier=name, first_name=row.first_name, last_name=row.last_name, email=row.email)
        # A random unusable password, without the cost of a hash.
        user.password = make_password(None)
        _give_code(user)
        users.append(user)
    return User.objects.bulk_create(users)


def _identifiers(bases: list[str]) -> list[str]:
    """`prenom.nom`, with a number on a clash, in this batch or with the commune's accounts."""
    taken = set(User.objects.values_list("identifier", flat=True))
    found = []
    for base in bases:
        name, number = base, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        taken.add(name)
        found.append(name)
    return found


def activation_code(user: User) -> str:
    return codes.code_of(user)


@transaction.atomic
def renew_code(*, actor: Any, user: User) -> str:
    """A new code; the previous one opens nothing any more, and the account waits to be activated again."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.password, user.activated_at = make_password(None), None
    user.session_stamp += 1
    _give_code(user)
    user.save()
    record(actor=actor, action="accounts.code_renewed", obj=user)
    return codes.code_of(user)


def account_for(code: str) -> User:
    """Whom a typed code opens. Raises DomainError: unknown, used, expired."""
    user = User.objects.active().filter(code_digest=codes.digest_of(code)).first()
    if user is None:
        raise DomainError(_("Ce code n’existe pas ici. Vérifiez les lettres, ou demandez-en un autre."), code="unknown")
    if user.activated_at is not None:
        day = date_format(timezone.localtime(user.activated_at), "j F")
        raise DomainError(
            _("Ce code a déjà servi le %(day)s. La direction vous en donne un autre en une minute.") % {"day": day},
            code="used",
        )
    if not user.has_live_code:
        raise DomainError(_("Ce code est périmé. La direction vous en donne un autre en une minute."), code="expired")
    return user


@transaction.atomic
def activate(*, code: str, password: str, email: str = "") -> User:
    """Use the code: the account gets its password and its address. Raises DomainError or ValidationError."""
    user = User.objects.select_for_update().get(pk=account_for(code).pk)
    if user.activated_at is not None:  # two clicks at once
        account_for(code)
    validate_password(password, user)
    user.set_password(password)
    user.email = email or user.email
    user.activated_at = timezone.now()
    user.save()
    record(actor=user, action="accounts.activated", obj=user)
    return user


def _give_code(user: User) -> None:
    user.code_generation += 1
    user.code_expires_at = timezone.now() + CODE_LIFE
    user.code_digest = codes.digest_of(codes.code_of(user))


@transaction.atomic
def end_sessions(*, actor: Any, user: User) -> None:
    """Every session of the account ends at its next request."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.session_stamp += 1
    user.save(update_fields=["session_stamp", "updated_at"])
    record(actor=actor, action="accounts.sessions_ended", obj=user)
