from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tenancy import is_public
from core.text import fold
from shared_apps.accounts import passwords

LONGEST_IDENTIFIER = 80
LONGEST_PASSWORD = 200  # hashing a megabyte is an attack


def _password(autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(max_length=LONGEST_PASSWORD, strip=False, widget=widget, **options)


def _said_of_identifiers() -> str:
    if is_public():
        return gettext("Celui que l’académie vous a donné, par exemple lise.martin")
    return gettext("Sur la fiche remise par l’école, par exemple sophie.ferrer")


class SignInForm(forms.Form):
    """The page of a sign-in. What a right one holds is read without it: `typed_of`."""

    identifier = forms.CharField(
        label=_("Identifiant"),
        help_text=lazy(_said_of_identifiers, str)(),
        max_length=LONGEST_IDENTIFIER,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password("current-password", label=_("Mot de passe"))


class Typed(NamedTuple):
    identifier: str
    password: str


def typed_of(data: QueryDict) -> Typed | None:
    """What a right `SignInForm` of these data holds; None when it isn't, which the form then says in words. Nearly all
    are right, and a form costs a thirtieth of what a sign-in costs beside its hash.

    Capitals, accents and spaces around an identifier don't matter: the account and its count of tries are the same.
    """
    identifier, password = data.get("identifier", "").strip(), data.get("password", "")
    if not 0 < len(identifier) <= LONGEST_IDENTIFIER or not 0 < len(password) <= LONGEST_PASSWORD:
        return None
    if "\0" in identifier or "\0" in password:
        return None
    return Typed(fold(identifier).strip(), password)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code d’activation"),
        help_text=_("8 lettres et chiffres. Majuscules ou minuscules, peu importe."),
        max_length=14,
    )


class NewPasswordForm(forms.Form):
    """A password that one chooses, checked for its person."""

    password = _password("new-password", label=_("Choisissez un mot de passe"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = passwords.help_text(user)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        passwords.check(password, self.user)
        return password


class ActivationForm(NewPasswordForm):
    """What activation asks after the code. A pupil is asked for no address."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Pour être prévenu des mots de l’école. Un courriel vous demandera de la confirmer."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, is_pupil: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_pupil:
            del self.fields["email"]
            self.fields["password"].label = _("Choisis un mot de passe")
            return
        self.initial.setdefault("email", self.user.email)
        if is_public():
            self.fields["email"].help_text = _("Pour être prévenu de ce qui vous attend.")


class OwnPasswordMixin(forms.Form):
    """Asks who is at the keyboard. The view checks it, against the throttle."""

    current = _password("current-password", label=_("Votre mot de passe actuel"))


class ChangePasswordForm(OwnPasswordMixin, NewPasswordForm):
    field_order = ("current", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Le nouveau mot de passe")


class AddressForm(OwnPasswordMixin):
    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("Laissez vide pour ne plus recevoir de courriel."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("email", "current")


class OneTimeCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code à 6 chiffres"),
        help_text=_("Il est affiché par votre application d’authentification."),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RecoveryCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code de secours"),
        help_text=_("L’un de ceux que vous avez notés en enregistrant votre téléphone. Chacun sert une fois."),
        max_length=14,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PasskeyForm(forms.Form):
    """`answer` is what the browser says; the script of the page fills it in."""

    name = forms.CharField(
        label=_("Le nom de cette clé"),
        help_text=_("Pour la reconnaître dans votre liste, par exemple : mon téléphone, clé bleue."),
        max_length=60,
    )
    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class ForgottenPasswordForm(forms.Form):
    identifier = forms.CharField(
        label=_("Identifiant"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ForgottenIdentifierForm(forms.Form):
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Celle que l’école connaît."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    first_name = forms.CharField(
        label=_("Votre prénom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    place = forms.ChoiceField(label=_("École"), required=False)

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("aucune école"))] + [(name, name) for name in places]
        if not places:
            del self.fields["place"]


class CharterForm(forms.Form):
    accepted = forms.BooleanField(
        label=_("J’ai lu ces règles et je les suivrai"),
        error_messages={"required": _("Cochez la case pour continuer.")},
    )

    def __init__(self, *args: Any, is_pupil: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_pupil:
            self.fields["accepted"].label = _("J’ai compris, je suis d’accord")
