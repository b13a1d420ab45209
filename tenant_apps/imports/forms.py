from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.imports import reading
from tenant_apps.imports.models import ImportLine
from tenant_apps.schools.models import School


class UploadForm(forms.Form):
    school = forms.ModelChoiceField(label=_("École"), queryset=School.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Fichier de ONDE"),
        help_text=_("« Extraction des élèves » ou « Extraction des responsables », tel que ONDE le donne (CSV)."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choisissez le fichier que ONDE vous a donné."),
            "empty": _("Ce fichier est vide. Rien n’a été modifié."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = School.objects.headed_by(user)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        if len(schools) == 1:
            self.fields["school"].widget = forms.HiddenInput()
            self.initial["school"] = schools[0].pk

    def clean_file(self) -> Any:
        """Before a byte of it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > reading.MAX_BYTES:
            raise forms.ValidationError(reading.too_big().message)
        return upload


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[choice for choice in ImportLine.Decision.choices if choice[0] != ImportLine.Decision.GONE]
    )
