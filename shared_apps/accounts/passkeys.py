"""Passkeys (WebAuthn level 2) as a second factor. A passkey is bound to the host where it was made, so to one commune.

The page carries the options, a small script asks the browser, the answer comes back in a form: no other request, and
whoever has no JavaScript uses the telephone's code.
"""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.errors import DomainError
from shared_apps.accounts import effects, factors
from shared_apps.accounts.models import SecondFactor
from shared_apps.audit.services import record

CHALLENGE_KEY = "passkey_challenge"
AT_MOST = 10
# The password was given before: what is proved here is the possession of the device.
VERIFICATION = UserVerificationRequirement.PREFERRED


def registration_options(request: HttpRequest) -> str:
    """For `navigator.credentials.create`, as JSON."""
    user: Any = request.user
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name=_("ENT-école"),
        user_id=user.pk.bytes,
        user_name=user.identifier,
        user_display_name=user.get_full_name(),
        exclude_credentials=_credentials(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=VERIFICATION
        ),
    )
    return _kept(request, options)


def authentication_options(request: HttpRequest) -> str:
    """For `navigator.credentials.get`, as JSON."""
    options = generate_authentication_options(
        rp_id=_host(request), allow_credentials=_credentials(request.user), user_verification=VERIFICATION
    )
    return _kept(request, options)


@transaction.atomic
def register(request: HttpRequest, *, name: str, answer: str) -> SecondFactor:
    """Raises DomainError: refused, too_many."""
    user: Any = request.user
    if factors.passkeys(user).count() >= AT_MOST:
        raise DomainError(_("Vous avez déjà dix clés. Retirez-en une d’abord."), code="too_many")
    try:
        made = verify_registration_response(
            credential=_parsed(answer), expected_challenge=_challenge(request), **_expected(request)
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refused() from error
    number = bytes_to_base64url(made.credential_id)
    if len(number) > 400 or SecondFactor.objects.filter(credential_id=number).exists():
        raise _refused()
    factor = SecondFactor.objects.create(
        user=user,
        kind=SecondFactor.Kind.PASSKEY,
        name=name,
        secret=made.credential_public_key,
        credential_id=number,
        sign_count=made.sign_count,
        confirmed_at=timezone.now(),
    )
    record(actor=user, action="accounts.second_factor_enrolled", obj=factor, kind=factor.kind)
    effects.told_of_factor(user, factor)
    return factor


@transaction.atomic
def verify(request: HttpRequest, *, answer: str) -> SecondFactor:
    """Raises DomainError: refused."""
    challenge = _challenge(request)
    try:
        credential = _parsed(answer)
        mine = factors.passkeys(request.user).select_for_update()
        factor = mine.get(credential_id=credential["id"])
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            credential_public_key=bytes(factor.secret),
            credential_current_sign_count=factor.sign_count,
            **_expected(request),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, SecondFactor.DoesNotExist) as error:
        raise _refused() from error
    factor.sign_count, factor.last_used_at = proved.new_sign_count, timezone.now()
    factor.save(update_fields=["sign_count", "last_used_at", "updated_at"])
    return factor


def _parsed(answer: str) -> dict[str, Any]:
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("A credential is an object.")
    return found


def _kept(request: HttpRequest, options: Any) -> str:
    request.session[CHALLENGE_KEY] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def _challenge(request: HttpRequest) -> bytes:
    """Each serves once, right or wrong."""
    return base64url_to_bytes(request.session.pop(CHALLENGE_KEY, ""))


def _expected(request: HttpRequest) -> dict[str, Any]:
    host = _host(request)
    return {
        "expected_rp_id": host,
        "expected_origin": f"{settings.ENT_SCHEME}://{host}{settings.ENT_PORT_SUFFIX}",
        "require_user_verification": False,
    }


def _host(request: Any) -> str:
    """As `Domain` says it, which the request's host was found in."""
    return request.host_entry.domain


def _credentials(user: Any) -> list[PublicKeyCredentialDescriptor]:
    numbers = factors.passkeys(user).values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(number)) for number in numbers]


def _refused() -> DomainError:
    return DomainError(_("Cette clé n’a pas été reconnue. Réessayez, ou prenez un autre moyen."), code="refused")
