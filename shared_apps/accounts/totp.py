"""The second factor: time-based codes (RFC 6238), secret encrypted with a key derived for this schema.

Ten recovery codes stand in for a lost phone; a keyed digest of each is kept, and each serves once.
"""

import base64
import hmac
import secrets
import time
from hashlib import sha256
from typing import Any

import pyotp
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.tenancy import current_schema
from shared_apps.accounts import codes, effects, factors
from shared_apps.accounts.models import SecondFactor
from shared_apps.audit.services import record

STEP = 30  # seconds
TOLERANCE = 1  # steps before and after, for clocks that drift
RECOVERY_CODES = 10


def begin(user: Any) -> tuple[SecondFactor, str]:
    """The factor being enrolled and its secret (base32); the same until it is confirmed."""
    factor = user.second_factors.filter(kind=SecondFactor.Kind.TOTP, confirmed_at=None).first()
    if factor is None:
        factor = SecondFactor(user=user, secret=_cipher().encrypt(pyotp.random_base32().encode()))
        factor.save()
    return factor, _secret(factor)


def address(user: Any, secret: str) -> str:
    """`otpauth://`: what the authenticator's camera reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.identifier, issuer_name="ENT-école")


def confirmed(user: Any) -> SecondFactor | None:
    return user.second_factors.filter(kind=SecondFactor.Kind.TOTP, confirmed_at__isnull=False).first()


@transaction.atomic
def confirm(user: Any, code: str) -> bool:
    """End of the enrolment: the phone shows the code that we expect."""
    factor, _secret_text = begin(user)
    if confirmed(user) or not _accept(factor, code):
        return False
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=timezone.now(), updated_at=timezone.now())
    record(actor=user, action="accounts.second_factor_enrolled", obj=factor, kind=factor.kind)
    effects.told_of_factor(user, factor)
    return True


@transaction.atomic
def verify(user: Any, code: str) -> bool:
    """A code is accepted once (RFC 6238 § 5.2)."""
    factor = confirmed(user)
    return factor is not None and _accept(factor, code)


@transaction.atomic
def make_recovery_codes(user: Any) -> list[str]:
    """New ones, shown once; those made before open nothing any more. Empty without a second factor."""
    mine = list(factors.of(user).select_for_update())
    if not mine:
        return []
    made = [_random_code() for _turn in range(RECOVERY_CODES)]
    for factor in mine:
        factor.recovery_digests = []
    mine[0].recovery_digests = [_digest(code) for code in made]
    for factor in mine:
        factor.save(update_fields=["recovery_digests", "updated_at"])
    record(actor=user, action="accounts.recovery_codes_made", obj=mine[0])
    return made


@transaction.atomic
def recover(user: Any, code: str) -> bool:
    """A recovery code, once, whichever factor it stands in for."""
    digest = _digest(code)
    for factor in factors.of(user).select_for_update():
        if digest in factor.recovery_digests:
            factor.recovery_digests.remove(digest)
            factor.save(update_fields=["recovery_digests", "updated_at"])
            left = len(factor.recovery_digests)
            record(actor=user, action="accounts.recovery_code_used", obj=factor, left=left)
            return True
    return False


def recovery_codes_left(user: Any) -> int:
    return sum(len(factor.recovery_digests) for factor in factors.of(user))


@transaction.atomic
def forget(*, actor: Any, user: Any) -> None:
    """Phone and codes lost: the next sign-in enrols anew. Whoever asks has proved who they are to `actor`."""
    factors = SecondFactor.objects.filter(user=user)
    record(actor=actor, action="accounts.second_factor_forgotten", obj=user, factors=factors.count())
    factors.delete()


def _accept(factor: SecondFactor, code: str) -> bool:
    factor = SecondFactor.objects.select_for_update().get(pk=factor.pk)
    totp, now = pyotp.TOTP(_secret(factor), interval=STEP), int(time.time()) // STEP
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if step > factor.last_step and pyotp.utils.strings_equal(totp.at(step * STEP), code.replace(" ", "")):
            factor.last_step, factor.last_used_at = step, timezone.now()
            factor.save(update_fields=["last_step", "last_used_at", "updated_at"])
            return True
    return False


def _random_code() -> str:
    letters = "".join(secrets.choice(codes.ALPHABET) for _turn in range(codes.LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def _digest(code: str) -> str:
    message = f"ent.recovery:{current_schema()}:{codes.normalise(code)}"
    return hmac.digest(settings.SECRET_KEY.encode(), message.encode(), sha256).hex()


def _secret(factor: SecondFactor) -> str:
    return _cipher().decrypt(bytes(factor.secret)).decode()


def _cipher() -> Fernet:
    info = f"ent.second-factor:{current_schema()}".encode()
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
