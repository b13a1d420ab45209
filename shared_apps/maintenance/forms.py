from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import sort_key
from shared_apps.maintenance.models import Change, Incident, Part, Reader, Window
from shared_apps.reference.models import RefCommune


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MomentInput(), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class CommunesField(forms.CharField):
    """Names, postal codes excluded, or INSEE codes, one a line; empty for all. Gives the codes."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Communes concernées"),
            help_text=gettext_lazy("Un nom ou un code INSEE par ligne. Vide : toutes les communes."),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        rows = RefCommune.objects.current()
        found = rows.filter(insee__in=[line.upper() for line in lines]) | rows.filter(
            sort_name__in=[sort_key(line) for line in lines]
        )
        known = list(found.values_list("insee", "sort_name"))
        for line in lines:
            if not any(line.upper() == insee or sort_key(line) == name for insee, name in known):
                raise forms.ValidationError(_("« %(name)s » n’est pas une commune de l’académie.") % {"name": line})
        return sorted({insee for insee, _name in known})


class PartsField(forms.MultipleChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Services concernés"),
            help_text=gettext_lazy("Aucun coché : tous."),
            choices=Part.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class WindowForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Ce que les écoles liront"),
        help_text=gettext_lazy("En mots simples, par exemple : nous agrandissons l’espace des documents"),
        max_length=120,
    )
    detail = forms.CharField(
        label=gettext_lazy("Explication"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    starts_at = MomentField(label=gettext_lazy("Début"))
    minutes = forms.IntegerField(label=gettext_lazy("Durée, en minutes"), min_value=5, max_value=4320, initial=60)
    access = forms.ChoiceField(
        label=gettext_lazy("Pendant l’intervention"), choices=Window.Access.choices, widget=forms.RadioSelect
    )
    parts = PartsField()
    communes = CommunesField()
    announced_days = forms.TypedChoiceField(
        label=gettext_lazy("Annoncer dans les écoles"),
        coerce=int,
        choices=[
            (400, gettext_lazy("dès maintenant")),
            (14, gettext_lazy("deux semaines avant")),
            (7, gettext_lazy("une semaine avant")),
            (2, gettext_lazy("deux jours avant")),
        ],
        initial=7,
    )
    tells_heads = forms.BooleanField(label=gettext_lazy("Prévenir aussi les directions par courriel"), required=False)
    accepts_school_hours = forms.BooleanField(
        label=gettext_lazy("Je maintiens ce créneau, même pendant la classe"), required=False
    )

    def facts(self) -> dict[str, Any]:
        """As the service wants them."""
        facts = dict(self.cleaned_data)
        facts["ends_at"] = facts["starts_at"] + timedelta(minutes=facts.pop("minutes"))
        return facts


class ExtendForm(forms.Form):
    ends_at = MomentField(label=gettext_lazy("Nouvelle fin"))


class CancelForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Pourquoi"), help_text=gettext_lazy("Lu par les écoles."), max_length=200
    )


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class IncidentForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Ce que les écoles liront"),
        help_text=gettext_lazy("Par exemple : les documents s’ouvrent lentement"),
        max_length=120,
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Gravité"), choices=Incident.Severity.choices, widget=forms.RadioSelect
    )
    words = _words(
        gettext_lazy("Premier message"),
        gettext_lazy("Ce que l’on sait, ce qui est fait, quand viendra la suite."),
    )
    started_at = MomentField(label=gettext_lazy("Depuis"), initial=timezone.localtime)
    parts = PartsField()
    communes = CommunesField()
    tells_heads = forms.BooleanField(label=gettext_lazy("Prévenir aussi les directions par courriel"), required=False)


class UpdateForm(forms.Form):
    words = _words(gettext_lazy("Message"))
    severity = forms.ChoiceField(label=gettext_lazy("Gravité"), choices=Incident.Severity.choices)


class EndForm(forms.Form):
    words = _words(gettext_lazy("Dernier message"), gettext_lazy("Par exemple : tout fonctionne depuis 10 h 20."))
    cause = forms.CharField(
        label=gettext_lazy("Cause"),
        help_text=gettext_lazy("En mots simples, lue par tous."),
        max_length=300,
    )


class ChangeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Ce qui change, et comment s’en servir"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    readers = forms.MultipleChoiceField(
        label=gettext_lazy("Pour qui"),
        help_text=gettext_lazy("Aucun coché : tout le monde, sauf les élèves."),
        choices=Reader.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, change: Change | None, data: Any = None) -> "ChangeForm":
        initial = {"title": change.title, "body": change.body, "readers": change.readers} if change else None
        return cls(data, initial=initial)


def proposed(data: Any) -> dict[str, Any]:
    """What a link « ce créneau » carries: a beginning and a number of minutes."""
    try:
        starts_at = datetime.fromisoformat(data.get("debut", ""))
    except ValueError:
        return {}
    minutes = data.get("duree", "")
    return {"starts_at": starts_at, "minutes": int(minutes) if minutes.isdigit() else 60}
