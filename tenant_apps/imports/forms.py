from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilesField, ManyFiles
from tenant_apps.imports import reading, sources
from tenant_apps.imports.models import ImportLine
from tenant_apps.schools.models import School


class UploadForm(forms.Form):
    """`place` is a school, or none for the town's staff."""

    school = forms.ModelChoiceField(label=_("École"), queryset=School.objects.none(), empty_label=None, required=False)
    file = FilesField(
        label=_("Fichier"),
        help_text=_(
            "« Extraction des élèves », « Extraction des responsables » ou liste des enseignants, tels que ONDE les "
            "donne (CSV), ou les mêmes en XLSX ; ou les fichiers de l’annuaire académique (XML, ZIP)."
        ),
        widget=ManyFiles(attrs={"accept": ".csv,text/csv,.xlsx,.xml,.zip"}),
        error_messages={
            "required": _("Choisissez le fichier que ONDE vous a donné."),
            "empty": _("Ce fichier est vide. Rien n’a été modifié."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = list(School.objects.headed_by(user))
        choice: Any = self.fields["school"]
        choice.queryset = School.objects.headed_by(user)
        self.is_of_the_town = user.has_perm("imports.import_town_staff")
        if not schools:
            del self.fields["school"]
            file = self.fields["file"]
            file.help_text = _("La liste de vos agents, écrite dans le modèle (CSV ou XLSX).")
            file.error_messages["required"] = _("Choisissez la liste de vos agents.")
        elif self.is_of_the_town:
            choice.empty_label = _("Aucune : les agents de la commune")
            choice.widget.choices = choice.choices
        else:
            choice.required = True
            if len(schools) == 1:
                choice.widget = forms.HiddenInput()
                self.initial["school"] = schools[0].pk

    def clean_file(self) -> Any:
        """Before a byte of it is read."""
        uploads = self.cleaned_data["file"]
        if sum(upload.size for upload in uploads) > reading.MAX_BYTES:
            raise forms.ValidationError(reading.too_big().message)
        return uploads

    @property
    def place(self) -> School | None:
        return self.cleaned_data.get("school")

    @property
    def name(self) -> str:
        return ", ".join(upload.name for upload in self.cleaned_data["file"])

    @property
    def content(self) -> bytes:
        return sources.together([(upload.name, upload.read()) for upload in self.cleaned_data["file"]])

    @property
    def columns(self) -> dict[str, str]:
        """What the person associated: matched key of an unknown column → that of the field it stands for."""
        prefix = "column-"
        return {
            name.removeprefix(prefix): str(key) for name, key in self.data.items() if name.startswith(prefix) and key
        }


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[choice for choice in ImportLine.Decision.choices if choice[0] != ImportLine.Decision.GONE]
    )
