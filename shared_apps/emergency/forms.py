from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.bounds.vocabulary import Party
from shared_apps.emergency.models import Level, Measure, Switch
from shared_apps.reference.models import Department

REASON_HELP = gettext_lazy("Écrite au journal, lue par les administrateurs. 10 lettres au moins.")


class ReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Pourquoi"), help_text=REASON_HELP, min_length=10, max_length=300)


class PartiesField(forms.MultipleChoiceField):
    def __init__(self, label: Any, help_text: Any = "", choices: Any = Party.choices, **options: Any) -> None:
        widget = forms.CheckboxSelectMultiple
        super().__init__(label=label, help_text=help_text, choices=choices, widget=widget, **options)


class MomentField(forms.DateTimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)


class HourField(forms.TimeField):
    def __init__(self, label: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(label=label, required=False, widget=widget)


class ThrowForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("Où"), choices=Level.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label=gettext_lazy("Numéro du département, code INSEE de la commune ou UAI de l’école"),
        help_text=gettext_lazy("Vide pour toute l’académie."),
        max_length=8,
        required=False,
    )
    parties = PartiesField(
        gettext_lazy("Qui n’enverra plus"), gettext_lazy("Aucun coché : tout le monde."), required=False
    )
    stops_reading = forms.BooleanField(label=gettext_lazy("Fermer aussi la lecture des messages"), required=False)
    allows_notices = forms.BooleanField(
        label=gettext_lazy("Laisser les écoles informer les familles, sans réponse possible"),
        initial=True,
        required=False,
    )
    ends_at = MomentField(
        label=gettext_lazy("Fin"), help_text=gettext_lazy("Vide : jusqu’à ce que vous rouvriez."), required=False
    )
    daily_from = HourField(gettext_lazy("Chaque jour, seulement à partir de"))
    daily_until = HourField(gettext_lazy("et jusqu’à"))
    reason = ReasonField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        level, code = data.get("level"), data.get("code", "").strip().upper()
        if level == Level.ACADEMY:
            code = ""
        elif level and not code:
            places = ", ".join(f"{value} {label}" for value, label in Department.choices)
            self.add_error("code", _("Dites où. Départements : %(places)s.") % {"places": places})
        if (data.get("daily_from") is None) != (data.get("daily_until") is None):
            self.add_error("daily_until", _("Donnez les deux heures, ou aucune."))
        if (ends_at := data.get("ends_at")) and ends_at <= timezone.now():
            self.add_error("ends_at", _("Cette fin est déjà passée."))
        return data | {"code": code}


class ReopenForm(forms.Form):
    reason = ReasonField()

    def __init__(self, *args: Any, switch: Switch, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(party, Party(party).label) for party in switch.stopped]
        self.fields["parties"] = PartiesField(gettext_lazy("Qui peut de nouveau envoyer"), choices=choices)
        self.order_fields(["parties", "reason"])


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Que faire"), choices=Measure.Kind.choices, widget=forms.RadioSelect)
    since = MomentField(
        label=gettext_lazy("Depuis"),
        help_text=gettext_lazy("Messages envoyés depuis ce moment. Un mot de passe choisi depuis n’est pas redemandé."),
    )
