"""The mails about an account. Secrets and addresses are put in when they leave, never kept in the outbox."""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.tenancy import is_public
from shared_apps.accounts import addresses, codes, forgotten
from shared_apps.accounts.facts import facts_of
from shared_apps.accounts.models import AddressChange, User
from tenants.addresses import base_url


def send(payload: dict[str, Any]) -> None:
    """Handler of `accounts.mail`."""
    MAILS[payload["what"]](payload)


def _confirm_address(payload: dict[str, Any]) -> None:
    change = _change(payload)
    if change is not None and change.confirmed_at is None:
        link = _link("confirm_address", addresses.token_for(change, addresses.CONFIRM))
        _send(
            change.new_email,
            _("Confirmez votre adresse"),
            "accounts/email/confirm_address.txt",
            user=change.user,
            link=link,
        )


def _address_changed(payload: dict[str, Any]) -> None:
    change = _change(payload)
    if change is not None and change.old_email:
        link = _link("revert_address", addresses.token_for(change, addresses.REVERT))
        subject = _("L’adresse de votre compte a changé")
        _send(change.old_email, subject, "accounts/email/address_changed.txt", user=change.user, link=link)


def _forgotten_password(payload: dict[str, Any]) -> None:
    for user in _users(payload):
        if user.email and user.is_activated and not facts_of(user).is_pupil:
            link = _link("reset_password", forgotten.token_for(user))
            _send(
                user.email,
                _("Choisir un nouveau mot de passe"),
                "accounts/email/forgotten_password.txt",
                user=user,
                link=link,
            )
        else:
            forgotten.call_helpers(user)


def _forgotten_identifier(payload: dict[str, Any]) -> None:
    users = [user for user in _users(payload) if user.email and forgotten.is_of(user, payload["place"])]
    if users:
        link = base_url() + _path("sign_in")
        _send(
            users[0].email,
            _("Votre identifiant"),
            "accounts/email/forgotten_identifier.txt",
            user=users[0],
            users=users,
            link=link,
        )


def _password_changed(payload: dict[str, Any]) -> None:
    for user in _users(payload):
        if user.email:
            link = base_url() + _path("forgotten")
            _send(
                user.email,
                _("Votre mot de passe a changé"),
                "accounts/email/password_changed.txt",
                user=user,
                link=link,
            )


def _code(payload: dict[str, Any]) -> None:
    """Derived here; a code revoked or spent meanwhile is not sent."""
    for user in _users(payload):
        if user.email and user.has_live_code and user.code_generation == payload["generation"]:
            code = codes.code_of(user)
            link = f"{base_url()}{_path('activate')}?code={code}"
            _send(
                user.email,
                _("Votre code pour l’espace de l’école"),
                "accounts/email/code.txt",
                user=user,
                link=link,
                code=code,
            )


MAILS: dict[str, Callable[[dict[str, Any]], None]] = {
    "confirm_address": _confirm_address,
    "address_changed": _address_changed,
    "forgotten_password": _forgotten_password,
    "forgotten_identifier": _forgotten_identifier,
    "password_changed": _password_changed,
    "code": _code,
}


def _change(payload: dict[str, Any]) -> AddressChange | None:
    rows = AddressChange.objects.select_related("user").filter(pk=payload["change"], reverted_at=None)
    return rows.filter(user__is_active=True).first()


def _users(payload: dict[str, Any]) -> list[User]:
    return list(User.objects.active().filter(pk__in=payload["users"]).order_by("identifier"))


def _path(name: str) -> str:
    # A worker has no request to choose the URLs.
    return reverse(f"accounts:{name}", urlconf="config.urls.public" if is_public() else "config.urls.tenant")


def _link(name: str, token: str) -> str:
    return f"{base_url()}{_path(name)}?cle={token}"


def _send(to: str, subject: str, template: str, **context: Any) -> None:
    body = render_to_string(template, context | {"home": base_url()})
    EmailMessage(subject=subject, body=body, to=[to], headers={"Auto-Submitted": "auto-generated"}).send()
