from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.outings.models import Outing
from tenant_apps.schools.models import SchoolClass

_DATE = {"format": "%Y-%m-%d", "attrs": {"type": "date"}}
_TIME = {"format": "%H:%M", "attrs": {"type": "time"}}


class OutingForm(forms.ModelForm):
    class Meta:
        model = Outing
        fields = ["school_class", "title", "words", "place", "day", "leaves_at", "comes_back_at", "to_bring", "amount"]
        fields += ["due_on", "needs_each_guardian", "companions_wanted"]
        widgets = {
            "school_class": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 4}),
            "day": forms.DateInput(**_DATE),
            "due_on": forms.DateInput(**_DATE),
            "leaves_at": forms.TimeInput(**_TIME),
            "comes_back_at": forms.TimeInput(**_TIME),
        }
        help_texts = {
            "amount": _("Par exemple : 3 € par enfant, remis à l’enseignante."),
            "to_bring": _("Par exemple : un pique-nique et une gourde"),
            "needs_each_guardian": _("Sinon, la signature d’un seul responsable suffit pour l’enfant."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_class"]
        field.queryset, field.empty_label = SchoolClass.objects.families_open_to(user), None
        if self.instance._state.adding and len(field.queryset) == 1:
            self.initial["school_class"] = field.queryset[0].pk

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée."), code="past")
        return due_on


class WithdrawalForm(forms.Form):
    word = forms.CharField(
        label=_("Un mot aux familles"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Par exemple : le bus n’est plus disponible ce jour-là."),
        error_messages={"required": _("Dites aux familles pourquoi la sortie est annulée.")},
    )


class AnswerForm(forms.Form):
    """Nothing is chosen in advance: it is a consent."""

    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=Outing.CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse avant de signer.")},
    )
