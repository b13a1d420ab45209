"""What happens to an account: it is created, its code is printed, it is activated."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.bulk import insert_values
from core.errors import DomainError
from core.ids import uuid7_text
from core.many import many
from core.tenancy import is_public
from core.text import slug
from core.words import day_and_month
from shared_apps.accounts import addresses, codes, devices, passwords
from shared_apps.accounts.models import User
from shared_apps.audit.services import record

CODE_LIFE = timedelta(days=14)
DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class NewAccount:
    first_name: str
    last_name: str
    email: str = ""


def create_account(*, first_name: str, last_name: str, email: str = "") -> User:
    return create_accounts([NewAccount(first_name, last_name, email)])[0]


def create_accounts(rows: Iterable[NewAccount]) -> list[User]:
    """Any number in one INSERT, each with an identifier and a code, none with a usable password."""
    keys = [UUID(key) for key in insert_accounts(rows)]
    made = User.objects.in_bulk(keys)
    return [made[key] for key in keys]


def insert_accounts(rows: Iterable[NewAccount]) -> list[str]:
    """The same, for thousands at once: their keys alone, in order."""
    rows = list(rows)
    for last_turn in (False, False, True):
        try:
            with transaction.atomic():
                made = _with_codes(rows)
                insert_values(User, made)
                return [row["id"] for row in made]
        except IntegrityError:  # somebody took one of the identifiers meanwhile: look again
            if last_turn:
                raise
    raise AssertionError("unreachable")


def _with_codes(rows: list[NewAccount]) -> list[dict[str, Any]]:
    until = timezone.now() + CODE_LIFE
    names = _identifiers([_base(row) for row in rows])
    keys = [uuid7_text() for _row in rows]
    columns = zip(rows, keys, names, codes.first_digests(keys), strict=True)
    return [_first_row(row, key, name, digest, until) for row, key, name, digest in columns]


def _first_row(row: NewAccount, key: str, identifier: str, code_digest: str, until: datetime) -> dict[str, Any]:
    return {
        "id": key,
        "identifier": identifier,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "password": _no_password(),
        "code_generation": 1,
        "code_digest": code_digest,
        "code_expires_at": until,
    }


def _base(row: NewAccount) -> str:
    """`anne-lise.le-goff`. A name without any letter of our alphabet gives what remains, at worst « compte »."""
    parts = [slug(row.first_name)[:35], slug(row.last_name)[:35]]
    return ".".join(part.strip("-") for part in parts if part) or "compte"


def _identifiers(bases: list[str]) -> list[str]:
    """`prenom.nom`, with a number on a clash, in this batch or with the commune's accounts."""
    taken = _alike(bases)
    following: dict[str, int] = {}
    found = []
    for base in bases:
        name, number = base, following.get(base, 2)
        while name in taken:
            name, number = f"{base}{number}", number + 1
        following[base] = number
        taken.add(name)
        found.append(name)
    return found


# A slice of the index for each name, up to the sign after the digits: all of it would cost what the commune has.
ALIKE = """
SELECT u.identifier FROM unnest(%s::text[]) AS stem
  JOIN accounts_user u ON u.identifier ~>=~ stem AND u.identifier ~<~ (stem || ':')
"""


def _alike(bases: list[str]) -> set[str]:
    """Those of the commune that are one of these, with a number or not; some others besides."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [many({base.rstrip(DIGITS) for base in bases})])
        return {identifier for (identifier,) in cursor.fetchall()}


def activation_code(user: User) -> str:
    return codes.code_of(user)


@transaction.atomic
def renew_code(*, actor: Any, user: User) -> str:
    """A new code; the previous one opens nothing any more, and the account waits to be activated again."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.password, user.activated_at = _no_password(), None
    user.session_stamp += 1
    _give_code(user)
    user.save()
    devices.forget_all(user)
    record(actor=actor, action="accounts.code_renewed", obj=user)
    return codes.code_of(user)


@transaction.atomic
def publish_codes(*, actor: Any, users: Iterable[User]) -> int:
    """Sheets are being printed or sent: the codes on them live 14 days from now. A code already used stays used."""
    pending = User.objects.not_activated().filter(pk__in=[user.pk for user in users])
    now = timezone.now()
    count = pending.update(code_expires_at=now + CODE_LIFE, updated_at=now)
    record(actor=actor, action="accounts.codes_published", accounts=count)
    return count


def revoke_codes(users: Iterable[User]) -> None:
    """Their codes open nothing any more; the next sheet bears others. No audit: the caller says why."""
    rows = list(users)
    for user in rows:
        _give_code(user)
        user.code_expires_at = None
        user.updated_at = timezone.now()
    User.objects.bulk_update(rows, ["code_generation", "code_digest", "code_expires_at", "updated_at"], batch_size=500)


def account_for(*, code: str = "", digest: str = "") -> User:
    """Whom a typed code (or its digest) opens. Raises DomainError: unknown, used, expired."""
    return _account_for(digest or codes.digest_of(code), User.objects.active())


def _account_for(digest: str, accounts: QuerySet[User]) -> User:
    user = accounts.filter(code_digest=digest).first()
    if user is None:
        raise DomainError(_("Ce code n’existe pas ici. Vérifiez les lettres, ou demandez-en un autre."), code="unknown")
    if user.activated_at is not None:
        raise DomainError(_used(user), code="used")
    if not user.has_live_code:
        raise DomainError(_expired(), code="expired")
    return user


def _used(user: User) -> str:
    day = {"day": day_and_month(timezone.localtime(user.activated_at))}
    if is_public():
        return _("Ce code a déjà servi le %(day)s. Un administrateur vous en donne un autre en une minute.") % day
    return _("Ce code a déjà servi le %(day)s. La direction vous en donne un autre en une minute.") % day


def _expired() -> str:
    if is_public():
        return _("Ce code est périmé. Un administrateur vous en donne un autre en une minute.")
    return _("Ce code est périmé. La direction vous en donne un autre en une minute.")


@transaction.atomic
def activate(*, code: str = "", digest: str = "", password: str, email: str = "") -> User:
    """Use the code: the account gets its password; its address waits to be confirmed.

    Raises DomainError or ValidationError.
    """
    # Locked before it is looked at: of two clicks at once, or of a renewal meanwhile, one finds the code spent.
    user = _account_for(digest or codes.digest_of(code), User.objects.active().select_for_update())
    passwords.check(password, user)
    user.set_password(password)
    user.activated_at = timezone.now()
    user.save()
    record(actor=user, action="accounts.activated", obj=user)
    if email:
        addresses.ask(actor=user, email=email)
    return user


def _no_password() -> str:
    """Opens nothing, and differs from one account to the next (session hashes lean on it). Django's own asks the
    system for each of its letters: 24,000 calls for a school.
    """
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)


def _give_code(user: User) -> None:
    user.code_generation += 1
    user.code_expires_at = timezone.now() + CODE_LIFE
    user.code_digest = codes.digest_of(codes.code_of(user))


@transaction.atomic
def change_password(*, actor: User, password: str) -> User:
    """One's own. The other sessions end: their hash holds the old one. Raises ValidationError."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    passwords.check(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "password_set_at", "updated_at"])
    record(actor=actor, action="accounts.password_changed", obj=user)
    return user


@transaction.atomic
def end_sessions(*, actor: Any, user: User) -> None:
    """Every session of the account ends at its next request."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.session_stamp += 1
    user.save(update_fields=["session_stamp", "updated_at"])
    devices.forget_all(user)
    record(actor=actor, action="accounts.sessions_ended", obj=user)


def end_sessions_of(users: QuerySet[User]) -> int:
    """Of many accounts at once, by the academy's emergency measures. Returns how many."""
    count = users.update(session_stamp=F("session_stamp") + 1, updated_at=timezone.now())
    devices.leave_all(users)
    record(actor=None, action="accounts.cohort_signed_out", accounts=count)
    return count


def renew_passwords_of(users: QuerySet[User], *, chosen_before: datetime) -> int:
    """Their passwords open nothing any more: each chooses another by « mot de passe oublié », which proves more than a
    stolen password does. Who chose one since then is left alone, and so is who comes in with a card.
    """
    old = users.filter(Q(password_set_at=None) | Q(password_set_at__lt=chosen_before))
    rows = list(old.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).select_for_update(of=("self",)))
    for user in rows:
        user.password, user.session_stamp = _no_password(), user.session_stamp + 1
    User.objects.bulk_update(rows, ["password", "session_stamp"], batch_size=500)
    devices.leave_all(rows)
    record(actor=None, action="accounts.cohort_renewed", accounts=len(rows))
    return len(rows)
