from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.report_cards.domains import PARTS
from tenant_apps.report_cards.models import DomainResult, ReportPeriod
from tenant_apps.report_cards.services import GENERAL, Typed
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


def _position_field(label: Any) -> forms.TypedChoiceField:
    choices = [("", "–"), *((value, f"{value} · {name}") for value, name in DomainResult.Position.choices)]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False)


class LineForm(forms.Form):
    """A pupil's line in the table of a class. `version` says over what it was typed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    position = _position_field(_("Objectifs"))
    elements = forms.CharField(
        label=_("Éléments travaillés"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    appreciation = forms.CharField(
        label=_("Appréciation"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, domain: str, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = PARTS.get(domain, {})
        for code, label in self.parts.items():
            self.fields[code] = _position_field(label)
            self.initial[code] = self.initial["parts"].get(code)
        if domain == GENERAL:
            del self.fields["position"], self.fields["elements"]
            self.fields["appreciation"] = forms.CharField(
                label=_("Appréciation générale"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
            )
        for field in self.visible_fields():
            field.field.widget.attrs["aria-label"] = f"{field.label}, {name}"

    @property
    def columns(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.parts]

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[code] for code in self.parts]

    def typed(self, pupil_id: Any) -> Typed:
        # A browser sends line ends of its own: what nobody changed must not count as changed.
        data = {
            name: one.replace("\r\n", "\n") if isinstance(one, str) else one for name, one in self.cleaned_data.items()
        }
        parts = {code: data.pop(code) for code in self.parts}
        return Typed(pupil_id=pupil_id, parts={code: at for code, at in parts.items() if at}, **data)
