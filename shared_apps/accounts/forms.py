from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    identifier = forms.CharField(
        label=_("Identifiant"),
        help_text=_("Sur la fiche remise par l’école, par exemple sophie.ferrer"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code d’activation"),
        help_text=_("8 lettres et chiffres. Majuscules ou minuscules, peu importe."),
        max_length=14,
    )


class PasswordForm(forms.Form):
    """What activation asks after the code."""

    password = forms.CharField(
        label=_("Choisissez un mot de passe"),
        help_text=_("12 caractères au moins. Une phrase que vous retenez est un bon mot de passe."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Facultative. Vous serez prévenu des mots de l’école."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("email", user.email)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class OneTimeCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code à 6 chiffres"),
        help_text=_("Il est affiché par votre application d’authentification."),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
