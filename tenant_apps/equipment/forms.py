from typing import Any

from django import forms

from tenant_apps.equipment.models import Equipment


class CountForm(forms.Form):
    """A number for each kind; an empty one is « none »."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Equipment.Kind:
            label = kind.label[0].upper() + kind.label[1:]
            self.fields[kind.value] = forms.IntegerField(
                label=label, min_value=0, max_value=Equipment.MOST, required=False
            )
