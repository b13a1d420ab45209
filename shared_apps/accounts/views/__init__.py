"""Signing in (`session`), for the first time (`activation`), with two factors (`second_factor`); the charter; « Mon
compte » and its devices; pages behind the links of our mails (`links`).
"""

from shared_apps.accounts.views.account import account, change_address, change_password
from shared_apps.accounts.views.activation import activate, choose_password
from shared_apps.accounts.views.charter import charter
from shared_apps.accounts.views.devices import devices, sign_out_device
from shared_apps.accounts.views.links import (
    ask,
    confirm_address,
    forgotten_identifier,
    forgotten_password,
    reset_password,
    revert_address,
)
from shared_apps.accounts.views.second_factor import (
    add_passkey,
    enrol,
    recover,
    recovery_codes,
    remove_factor,
    verify,
    verify_passkey,
)
from shared_apps.accounts.views.session import sign_in, sign_out, sign_out_everywhere

__all__ = [
    "account",
    "activate",
    "add_passkey",
    "ask",
    "change_address",
    "change_password",
    "charter",
    "choose_password",
    "confirm_address",
    "devices",
    "enrol",
    "forgotten_identifier",
    "forgotten_password",
    "recover",
    "recovery_codes",
    "remove_factor",
    "reset_password",
    "revert_address",
    "sign_in",
    "sign_out",
    "sign_out_device",
    "sign_out_everywhere",
    "verify",
    "verify_passkey",
]
