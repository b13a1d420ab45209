from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.moderation.models import AbstractReport


class ReportForm(forms.Form):
    """Why one shows words to the head; to a pupil one says *tu*."""

    reason = forms.CharField(
        label=_("Pourquoi, si vous voulez le dire"),
        required=False,
        max_length=AbstractReport._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, is_pupil: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_pupil:
            self.fields["reason"].label = _("Pourquoi, si tu veux le dire")
