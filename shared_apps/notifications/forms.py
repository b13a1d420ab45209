from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registry import NoticeType
from shared_apps.notifications.models import Preference
from shared_apps.notifications.types import THEMES, by_theme

WAYS = (
    (Preference.Mail.INSTANT, gettext_lazy("tout de suite")),
    (Preference.Mail.DAILY, gettext_lazy("avec les autres, en fin de journée")),
    (Preference.Mail.WEEKLY, gettext_lazy("avec les autres, le vendredi")),
    (Preference.Mail.NEVER, gettext_lazy("jamais")),
)
MAILS = {
    Preference.Mail.INSTANT: gettext_lazy("courriel tout de suite"),
    Preference.Mail.DAILY: gettext_lazy("courriel en fin de journée"),
    Preference.Mail.WEEKLY: gettext_lazy("courriel le vendredi"),
    Preference.Mail.NEVER: gettext_lazy("pas de courriel"),
}
PUSHES = {True: gettext_lazy("alerte"), False: gettext_lazy("pas d’alerte")}


@dataclass(frozen=True)
class Theme:
    """A fold of the page: its types of news, and in words how they reach this person."""

    label: str
    rows: Sequence[tuple[NoticeType, Any, Any]]
    mail: str
    push: str
    is_open: bool


class PreferenceForm(forms.ModelForm):
    """Two fields per type of news: `mail-liaison.to_sign`, `push-liaison.to_sign` (where we call browsers)."""

    class Meta:
        model = Preference
        fields = ["quiet_from", "quiet_until", "is_quiet_at_weekends", "shows_names"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_until")
        }

    def __init__(
        self, *args: Any, types: dict[str, NoticeType], instance: Preference, has_push: bool, **options: Any
    ) -> None:
        super().__init__(*args, instance=instance, **options)
        self.types, self.has_push = types, has_push
        if not has_push:
            del self.fields["shows_names"]
        for name in types:
            self.fields[f"mail-{name}"] = forms.ChoiceField(
                label=_("Par courriel"), choices=WAYS, initial=instance.mail_of(name)
            )
            if has_push:
                self.fields[f"push-{name}"] = forms.BooleanField(
                    label=_("Alerte"), required=False, initial=instance.wants_push(name)
                )

    def themes(self) -> list[Theme]:
        found = by_theme(self.types)
        return [self._theme(theme, named, is_alone=len(found) == 1) for theme, named in found.items()]

    def _theme(self, theme: str, named: dict[str, NoticeType], *, is_alone: bool) -> Theme:
        mails = {self.instance.mail_of(name) for name in named}
        pushes = {self.instance.wants_push(name) for name in named} if self.has_push else set()
        wrong = any(f"mail-{name}" in self.errors for name in named)
        return Theme(
            _("Toutes les nouvelles") if is_alone else str(THEMES[theme]),
            [(one, self[f"mail-{name}"], self[f"push-{name}"] if pushes else None) for name, one in named.items()],
            str(MAILS[Preference.Mail(mails.pop())] if len(mails) == 1 else _("courriel selon le cas")),
            str(PUSHES[pushes.pop()] if len(pushes) == 1 else _("alerte selon le cas")) if pushes else "",
            is_alone or wrong,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Donnez les deux heures, ou aucune."))
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """What was said of other types, under another profile, stays."""
        plain = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}
        mail = {name: self.cleaned_data[f"mail-{name}"] for name in self.types}
        push = {name: self.cleaned_data[f"push-{name}"] for name in self.types} if self.has_push else {}
        return plain | {"mail": self.instance.mail | mail, "push": self.instance.push | push}


class SubscriptionForm(forms.Form):
    """What a browser says of itself; see `PushSubscription`."""

    endpoint = forms.CharField(max_length=2000)
    p256dh = forms.RegexField(r"^[\w-]{80,100}=*$")
    auth = forms.RegexField(r"^[\w-]{16,40}=*$")
