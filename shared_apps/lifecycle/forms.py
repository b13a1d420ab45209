from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.lifecycle.models import Handover
from shared_apps.onboarding.forms import DayInput, PastDayField
from shared_apps.onboarding.models import Convention

REASON = {"max_length": 300}


class TermsForm(forms.Form):
    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput)
    term_months = forms.IntegerField(label=_("Durée, en mois"), min_value=1, max_value=120, initial=36)
    renewal = forms.ChoiceField(label=_("Reconduction"), choices=Convention.Renewal, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, convention: Convention) -> None:
        day = convention.starts_on or convention.in_force_on
        initial = {"starts_on": day, "renewal": convention.renewal or Convention.Renewal.TACIT}
        super().__init__(data, initial=initial | {"term_months": convention.term_months or 36})


class RenewForm(forms.Form):
    months = forms.IntegerField(label=_("Pour combien de mois"), min_value=1, max_value=120, initial=36)
    commune_signer = forms.CharField(
        label=_("Signée pour la commune par"), max_length=200, help_text=_("Prénom, nom, qualité")
    )
    commune_signed_on = PastDayField(label=_("Le"))
    academy_signer = forms.CharField(
        label=_("Signée pour l’académie par"), max_length=200, help_text=_("Prénom, nom, qualité")
    )
    academy_signed_on = PastDayField(label=_("Le"))


class SuspendForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), help_text=_("Gardé au dossier. Ne nommez personne."), **REASON)


class TerminateForm(forms.Form):
    on = PastDayField(label=_("Dernier jour de la convention"))
    reason = forms.CharField(label=_("Motif"), help_text=_("Gardé au dossier. Ne nommez personne."), **REASON)
    is_sure = forms.BooleanField(label=_("Je sais que plus rien ne pourra être écrit dans cet espace"))


class EraseForm(forms.Form):
    """A name typed by hand, and a proof of who types it: nobody erases a commune by a click."""

    typed_name = forms.CharField(label=_("Nom de la commune"), max_length=100, help_text=_("Tapez-le en entier."))
    code = forms.CharField(
        label=_("Code de votre application d’authentification"), max_length=20, help_text=_("Ou un code de secours.")
    )


class SendAgainForm(forms.Form):
    to = forms.ChoiceField(label=_("À qui"))
    email = forms.EmailField(label=_("Adresse électronique"), help_text=_("L’adresse officielle, et aucune autre."))

    def __init__(self, data: Any = None, *, is_town: bool) -> None:
        super().__init__(data)
        to_town = (Handover.To.MAYOR, Handover.To.SCHOOL_SERVICE)
        field: Any = self.fields["to"]
        field.choices = [(to, to.label) for to in (to_town if is_town else (Handover.To.HEAD,))]


class ReceiveForm(forms.Form):
    name = forms.CharField(
        label=_("Votre prénom, votre nom, votre fonction"), max_length=200, help_text=_("Gardés comme preuve.")
    )
    is_mine = forms.BooleanField(label=_("Je reçois ces données pour les garder en lieu sûr"))
