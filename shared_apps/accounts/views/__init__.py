"""Signing in (`session`), for the first time (`activation`), with two factors (`second_factor`); « Mon compte »."""

from shared_apps.accounts.views.account import account, change_address, change_password
from shared_apps.accounts.views.activation import activate, choose_password
from shared_apps.accounts.views.second_factor import enrol, recover, recovery_codes, verify
from shared_apps.accounts.views.session import sign_in, sign_out, sign_out_everywhere

__all__ = [
    "account",
    "activate",
    "change_address",
    "change_password",
    "choose_password",
    "enrol",
    "recover",
    "recovery_codes",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "verify",
]
