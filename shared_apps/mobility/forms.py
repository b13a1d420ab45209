from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.mobility.models import Posting
from shared_apps.onboarding.forms import DayInput
from shared_apps.reference.models import RefSchool


class StaffForm(forms.Form):
    first_name = forms.CharField(label=_("Prénom"), max_length=100)
    last_name = forms.CharField(label=_("Nom"), max_length=100)
    email = forms.EmailField(label=_("Adresse professionnelle"), help_text=_("prenom.nom@ac-montpellier.fr"))


class DaysForm(forms.Form):
    """People say the last day; we keep the first one without."""

    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput, initial=timezone.localdate)
    last_day = forms.DateField(
        label=_("Dernier jour"),
        widget=DayInput,
        required=False,
        help_text=_("Ce jour compris. Vide : jusqu’à nouvel ordre."),
    )

    def days(self) -> dict[str, Any]:
        last = self.cleaned_data["last_day"]
        return {
            "starts_on": self.cleaned_data["starts_on"],
            "ends_on": last + timedelta(days=1) if last else None,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Le dernier jour vient avant le premier."))
        if "last_day" not in self.errors and cleaned.get("role") == Posting.Role.BRIGADE and not last:
            self.add_error("last_day", _("Un remplacement a un dernier jour."))
        return cleaned


class PostingForm(DaysForm):
    role = forms.ChoiceField(label=_("Fonction"), choices=[("", _("Choisir une fonction")), *Posting.Role.choices])
    schools = forms.ModelMultipleChoiceField(
        label=_("Écoles"),
        queryset=RefSchool.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une école.")},
    )
    field_order = ("role", "schools", "starts_on", "last_day")

    def __init__(self, *args: Any, user: Any, insee: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = RefSchool.objects.current().public().of_commune(insee).visible_to(user)
        self.fields["schools"].queryset = offered.order_by("sort_name", "uai")
