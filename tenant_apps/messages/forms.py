from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from shared_apps.files.services import check
from tenant_apps.messages.attachments import ACCEPT, KINDS
from tenant_apps.messages.models import Message, Preference, RecipientList


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Joindre des fichiers"),
            help_text=gettext_lazy("PDF ou image."),
            required=False,
            widget=FilesInput(attrs={"accept": ACCEPT}),
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [super(FilesField, self).clean(one, initial) for one in data or []]
        for upload in uploads:
            try:
                check(upload, kinds=KINDS)
            except DomainError as refusal:
                raise ValidationError(refusal.message) from refusal
        return uploads


class MessageForm(forms.ModelForm):
    """The text and the hour; recipients are boxes of the page, read by the view."""

    scheduled_at = forms.DateTimeField(
        label=gettext_lazy("Envoyer plus tard"),
        help_text=gettext_lazy("Vide : dès que vous confirmez."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    uploads = FilesField()

    class Meta:
        model = Message
        fields = ["subject", "body", "is_no_reply", "scheduled_at"]
        widgets = {"body": forms.Textarea(attrs={"rows": 10})}

    def __init__(self, *args: Any, may_close: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_close:
            del self.fields["is_no_reply"]

    def clean_scheduled_at(self) -> Any:
        moment = self.cleaned_data["scheduled_at"]
        if moment and moment <= timezone.now():
            raise ValidationError(_("Cette heure est passée."))
        return moment

    def facts(self) -> dict[str, Any]:
        """As `save_draft` wants them; of a form being typed, what can be kept."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}


class AnswerForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Votre réponse"),
        max_length=10_000,
        error_messages={"required": gettext_lazy("Écrivez votre réponse avant de l’envoyer.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    to_all = forms.BooleanField(label=gettext_lazy("Répondre aussi aux autres destinataires"), required=False)

    def __init__(self, *args: Any, is_pupil: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_pupil:
            body = self.fields["body"]
            body.label, body.error_messages["required"] = _("Ta réponse"), _("Écris ta réponse avant de l’envoyer.")


class ListForm(forms.ModelForm):
    class Meta:
        model = RecipientList
        fields = ["name"]


class PreferenceForm(forms.ModelForm):
    folders = forms.CharField(
        label=gettext_lazy("Mes dossiers"),
        help_text=gettext_lazy("Un nom par ligne. Les messages d’un dossier que vous retirez reviennent à leur place."),
        required=False,
        max_length=900,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Preference
        fields = ["quiet_from", "quiet_until", "absent_from", "absent_until", "absence_words", "folders"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("quiet_from", "quiet_until")
        }
        widgets |= {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("absent_from", "absent_until")
        }

    def __init__(self, *args: Any, instance: Preference, **options: Any) -> None:
        super().__init__(*args, instance=instance, **options)
        self.initial["folders"] = "\n".join(instance.folders)

    def clean_folders(self) -> list[str]:
        names = [" ".join(line.split()) for line in self.cleaned_data["folders"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > 40 for name in names):
            raise ValidationError(_("Un nom de dossier tient en 40 lettres."))
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Donnez les deux heures, ou aucune."))
        if (data.get("absent_from") is None) != (data.get("absent_until") is None):
            self.add_error("absent_until", _("Donnez les deux dates, ou aucune."))
        return data
