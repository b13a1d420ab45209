from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.imports.models import ImportLine
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School


class UploadForm(forms.Form):
    school = forms.ModelChoiceField(label=_("École"), queryset=School.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Fichier de ONDE"),
        help_text=_("« Extraction des élèves » ou « Extraction des responsables », tel que ONDE le donne (CSV)."),
        error_messages={"empty": _("Ce fichier est vide. Rien n’a été modifié.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heading = StaffAssignment.objects.of(user).on().filter(role=StaffAssignment.Role.HEAD)
        schools = School.objects.filter(pk__in=heading.values("school"))
        self.fields["school"].queryset = schools
        if len(schools) == 1:
            self.fields["school"].widget = forms.HiddenInput()
            self.initial["school"] = schools[0].pk


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=ImportLine.Decision.choices)
