from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.schools.models import School


class RegisterForm(forms.Form):
    """The school one registers for, when there is a choice."""

    school = forms.ModelChoiceField(
        label=_("Au titre de l’école"),
        queryset=School.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choisissez l’école.")},
    )

    def __init__(self, *args: Any, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = schools[0] if len(schools) == 1 else None
        if self.only:
            del self.fields["school"]
        else:
            self.fields["school"].queryset = School.objects.filter(pk__in=[s.pk for s in schools])

    @property
    def chosen(self) -> School:
        return self.only or self.cleaned_data["school"]


class RatingForm(forms.Form):
    CHOICES = (
        (5, _("5 : très utile")),
        (4, _("4 : utile")),
        (3, _("3 : moyenne")),
        (2, _("2 : peu utile")),
        (1, _("1 : pas utile")),
    )
    rating = forms.TypedChoiceField(
        label=_("Votre note"),
        choices=CHOICES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une note.")},
    )
    comment = forms.CharField(
        label=_("Ce qui a aidé, ce qui a manqué"),
        help_text=_("Le formateur le lit sans votre nom. Ne nommez personne."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
