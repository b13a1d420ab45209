from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.neighbours import Neighbour, neighbour, open_neighbours


class CommuneForm(forms.Form):
    """The other commune, among those that are open."""

    commune = forms.ChoiceField(
        label=_("L’autre commune"),
        help_text=_("Celle où vous avez aussi un enfant à l’école, et un compte."),
        error_messages={
            "required": _("Choisissez une commune."),
            "invalid_choice": _("Cette commune n’est pas ouverte."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.schema, one.name) for one in open_neighbours()]
        self.fields["commune"].choices = [("", _("Choisir une commune")), *offered]

    def clean_commune(self) -> Neighbour:
        found = neighbour(self.cleaned_data["commune"])
        if found is None:
            raise forms.ValidationError(_("Cette commune n’est pas ouverte."), code="closed")
        return found
