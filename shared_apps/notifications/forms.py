from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registry import NoticeType
from shared_apps.notifications.models import Preference

WAYS = (
    (Preference.Mail.INSTANT, gettext_lazy("tout de suite")),
    (Preference.Mail.DAILY, gettext_lazy("avec les autres, en fin de journée")),
    (Preference.Mail.WEEKLY, gettext_lazy("avec les autres, le vendredi")),
    (Preference.Mail.NEVER, gettext_lazy("jamais")),
)


class PreferenceForm(forms.ModelForm):
    """Two fields per type of news: `mail-liaison.to_sign`, `push-liaison.to_sign`."""

    class Meta:
        model = Preference
        fields = ["quiet_from", "quiet_until", "is_quiet_at_weekends", "shows_names"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_until")
        }

    def __init__(self, *args: Any, types: dict[str, NoticeType], instance: Preference, **options: Any) -> None:
        super().__init__(*args, instance=instance, **options)
        self.types = types
        for name in types:
            self.fields[f"mail-{name}"] = forms.ChoiceField(
                label=_("Par courriel"), choices=WAYS, initial=instance.mail_of(name)
            )
            self.fields[f"push-{name}"] = forms.BooleanField(
                label=_("Alerte sur mes appareils"), required=False, initial=instance.wants_push(name)
            )

    def rows(self) -> list[tuple[NoticeType, Any, Any]]:
        return [(one, self[f"mail-{name}"], self[f"push-{name}"]) for name, one in self.types.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Donnez les deux heures, ou aucune."))
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """What was said of other types, under another profile, stays."""
        plain = {name: self.cleaned_data[name] for name in self.Meta.fields}
        mail = {name: self.cleaned_data[f"mail-{name}"] for name in self.types}
        push = {name: self.cleaned_data[f"push-{name}"] for name in self.types}
        return plain | {"mail": self.instance.mail | mail, "push": self.instance.push | push}


class SubscriptionForm(forms.Form):
    """What a browser says of itself; see `PushSubscription`."""

    endpoint = forms.CharField(max_length=2000)
    p256dh = forms.RegexField(r"^[\w-]{80,100}=*$")
    auth = forms.RegexField(r"^[\w-]{16,40}=*$")
