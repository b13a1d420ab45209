from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import sort_key
from shared_apps.reference.models import CalendarDay, District, RefCommune, ReferenceLoad, RefSchool

LARGEST = 5_000_000  # bytes; the file of all schools of the académie is a tenth of it


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **more)


KEPT = gettext_lazy("Gardée dans l’historique, par exemple : arrêté du 12 mai")


def _reason(help_text: Any = KEPT) -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Raison"), help_text=help_text, max_length=200)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Ce que contient le fichier"), choices=ReferenceLoad.Kind.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=gettext_lazy("Fichier officiel"),
        help_text=gettext_lazy(
            "CSV en UTF-8, aux colonnes de l’Annuaire de l’éducation ou de l’INSEE. Rien n’est écrit."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Ce fichier est trop gros pour être celui de l’académie."))
        return file


class ApproveForm(forms.Form):
    accepts_many = forms.BooleanField(label=gettext_lazy("Le fichier est bien entier"), required=False)


class RenameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nouveau nom"), max_length=60)
    reason = _reason()


class CloseForm(forms.Form):
    on = _day(gettext_lazy("Fermée depuis le"), initial=timezone.localdate)
    reason = _reason()


class ReasonForm(forms.Form):
    reason = _reason()


class CommuneField(forms.CharField):
    """A name or an INSEE code; gives the row."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        rows = RefCommune.objects.current()
        found = list(rows.filter(insee=text.upper())) or list(rows.filter(sort_name=sort_key(text))[:2])
        if len(found) != 1:
            why = _("Plusieurs communes s’appellent ainsi : écrivez son code INSEE.")
            if not found:
                why = _("« %(name)s » n’est pas une commune de l’académie.") % {"name": text}
            raise forms.ValidationError(why)
        return found[0]


class OpenForm(forms.Form):
    uai = forms.CharField(label="UAI", max_length=8, min_length=8)
    name = forms.CharField(label=gettext_lazy("Nom de l’école"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=RefSchool.Kind.choices)
    sector = forms.ChoiceField(label=gettext_lazy("Secteur"), choices=RefSchool.Sector.choices)
    commune = CommuneField(label=gettext_lazy("Commune, ou son code INSEE"))
    district = forms.ModelChoiceField(
        label=gettext_lazy("Circonscription"), queryset=District.objects.current(), required=False
    )
    opened_on = _day(gettext_lazy("Ouverte le"), initial=timezone.localdate)
    reason = _reason()

    def clean_uai(self) -> str:
        return str(self.cleaned_data["uai"]).upper()


class MergeForm(forms.Form):
    absorbed = forms.CharField(
        label=gettext_lazy("Communes qui la rejoignent"),
        help_text=gettext_lazy("Un nom ou un code INSEE par ligne."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )
    name = forms.CharField(label=gettext_lazy("Nom de la commune nouvelle"), max_length=60)
    on = _day(gettext_lazy("Depuis le"), initial=timezone.localdate)
    reason = _reason(gettext_lazy("Par exemple : arrêté préfectoral du 3 octobre 2026"))
    confirms = forms.BooleanField(label=gettext_lazy("J’ai lu ce que cela change"), required=False)

    def clean_absorbed(self) -> list[RefCommune]:
        field = CommuneField()
        lines = [line for line in self.cleaned_data["absorbed"].splitlines() if line.strip()]
        return list({row.insee: row for row in map(field.clean, lines)}.values())


class CalendarForm(forms.ModelForm):
    reason = _reason()

    class Meta:
        model = CalendarDay
        fields = ["school_year", "kind", "label", "starts_on", "ends_on", "resumes_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput(), "resumes_on": DayInput()}

    def clean_school_year(self) -> str:
        year = str(self.cleaned_data["school_year"])
        first, _dash, second = year.partition("-")
        if not (first.isdigit() and second.isdigit() and int(second) == int(first) + 1):
            raise forms.ValidationError(_("Écrivez l’année scolaire ainsi : 2026-2027."))
        return year

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Le dernier jour doit suivre le premier."))
        return found

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
