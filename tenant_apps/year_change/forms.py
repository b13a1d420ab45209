from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.people.models import Person, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES, Role
from tenant_apps.schools.models import Grade
from tenant_apps.year_change.models import DraftClass, YearDraft


class DraftClassForm(forms.Form):
    label = forms.CharField(
        label=_("Nom de la classe"),
        max_length=DraftClass._meta.get_field("label").max_length,
        help_text=_("Le même que dans ONDE à la rentrée : l’import s’y retrouve."),
    )
    grades = forms.MultipleChoiceField(
        label=_("Niveaux"), choices=[(grade.value, grade.value) for grade in Grade], widget=forms.CheckboxSelectMultiple
    )
    staff = forms.ModelMultipleChoiceField(
        label=_("Enseignants et AESH"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, draft: YearDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = StaffAssignment.objects.on().filter(school=draft.school, role__in=IN_THEIR_CLASSES | {Role.HEAD})
        self.fields["staff"].queryset = Person.objects.filter(pk__in=mine.values("person"))


class PublishForm(forms.Form):
    day = forms.DateField(
        label=_("Jour"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), localize=False
    )
    hour = forms.TimeField(label=_("Heure"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    @property
    def moment(self) -> datetime:
        """Of Paris, whatever the season."""
        typed = datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"])
        return timezone.make_aware(typed, timezone.get_default_timezone())
