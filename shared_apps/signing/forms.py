from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import file_size
from shared_apps.signing import verification


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Le document reçu"),
        help_text=gettext_lazy("Le fichier PDF lui-même : une impression ou une photo ne se vérifient pas."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if verification.is_too_big(file.size):
            limit = file_size(verification.MAX_SIZE)
            raise forms.ValidationError(_("Ce fichier dépasse %(limit)s.") % {"limit": limit}, code="too_big")
        return file
