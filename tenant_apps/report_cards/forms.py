from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.report_cards.models import DomainResult, ReportPeriod
from tenant_apps.report_cards.services import Typed
from tenant_apps.schools.models import School, SchoolYear


class PeriodForm(forms.ModelForm):
    """A new period of a school that one heads."""

    class Meta:
        model = ReportPeriod
        fields = ("school", "label", "starts_on", "ends_on", "needs_each_guardian")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = School.objects.headed_by(user)
        self.fields["school"].queryset = schools
        if len(schools) == 1:
            self.fields["school"].initial = schools[0]
            self.fields["school"].empty_label = None
        # Before the constraint « one label a year » is checked.
        self.instance.year = SchoolYear.objects.current().first()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi rouvrir ?"), max_length=300, help_text=_("Les familles lisent ce motif avec la correction.")
    )


class LineForm(forms.Form):
    """A pupil's line in the table of a class. `version` says over what it was typed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    position = forms.TypedChoiceField(
        label=_("Objectifs"),
        choices=[("", "–"), *((value, f"{value} · {label}") for value, label in DomainResult.Position.choices)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    elements = forms.CharField(label=_("Éléments travaillés"), max_length=500, required=False)
    appreciation = forms.CharField(
        label=_("Appréciation"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, is_general: bool, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_general:
            del self.fields["position"], self.fields["elements"]
            self.fields["appreciation"] = forms.CharField(
                label=_("Appréciation générale"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
            )
        for field in self.visible_fields():
            field.field.widget.attrs["aria-label"] = f"{field.label}, {name}"

    def typed(self, pupil_id: Any) -> Typed:
        # A browser sends line ends of its own: what nobody changed must not count as changed.
        data = self.cleaned_data | {"appreciation": self.cleaned_data["appreciation"].replace("\r\n", "\n")}
        return Typed(pupil_id=pupil_id, **data)
