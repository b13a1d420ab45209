from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.accounts.models import User
from shared_apps.onboarding.forms import DayInput
from shared_apps.reference.models import Department, District, RefSchool
from shared_apps.reference.scopes import Role
from shared_apps.training.models import Registration, Session, Training


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class TrainingForm(forms.ModelForm):
    class Meta:
        model = Training
        fields = ["title", "level", "audience", "hours", "objectives", "is_offered"]
        widgets = {"objectives": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "audience": gettext_lazy("Par exemple : directeurs d’école, enseignants de maternelle"),
            "is_offered": gettext_lazy("Sinon, on ne peut plus en programmer de session."),
        }


class SessionForm(forms.ModelForm):
    """When, where, for whom; the deadline is the eve of the session when nothing is said."""

    video_url = forms.URLField(
        label=gettext_lazy("Lien de visioconférence"),
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Montré aux seuls inscrits."),
    )

    class Meta:
        model = Session
        fields = [
            "training",
            "district",
            "day",
            "half",
            "starts_at",
            "ends_at",
            "place",
            "address",
            "room",
            "video_url",
            "trainer",
            "seats",
            "closes_on",
            "accepts_on_site",
        ]
        widgets = {"day": DayInput, "closes_on": DayInput, "starts_at": TimeInput, "ends_at": TimeInput}
        help_texts = {
            "closes_on": gettext_lazy("Ce jour compris. Vide : la veille de la session."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainings = Training.objects.filter(is_offered=True) | Training.objects.filter(pk=self.instance.training_id)
        self.fields["training"].queryset = trainings
        self.fields["training"].empty_label = _("Choisir une formation")
        self.fields["district"].queryset = District.objects.current()
        self.fields["district"].empty_label = _("Toute l’académie")
        roles = [Role.TRAINER, Role.ADMINISTRATOR]
        people = User.objects.active().filter(staff_roles__role__in=roles).distinct()
        self.fields["trainer"].queryset = people.order_by("last_name", "first_name", "pk")
        self.fields["trainer"].empty_label = _("À désigner")
        self.fields["closes_on"].required = False

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if "day" in self.changed_data and day < timezone.localdate():
            raise forms.ValidationError(_("Ce jour est passé."), code="past")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and not cleaned.get("closes_on") and "closes_on" not in self.errors:
            cleaned["closes_on"] = max(cleaned["day"] - timedelta(days=1), timezone.localdate())
        if not cleaned.get("place") and not cleaned.get("video_url") and "video_url" not in self.errors:
            self.add_error("place", _("Indiquez un lieu, ou un lien de visioconférence."))
        return cleaned


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=200,
        help_text=gettext_lazy("Les inscrits le lisent. Par exemple : le formateur est empêché."),
    )


class AttendanceForm(forms.Form):
    """Which lines came. Ticked ids of another session are no choice of this one."""

    present = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, rows: list[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(str(row.pk), str(row.pk)) for row in rows]

    def chosen(self, rows: list[Registration]) -> set[Any]:
        ticked = set(self.cleaned_data["present"])
        return {row.pk for row in rows if str(row.pk) in ticked}


class OnSiteForm(forms.Form):
    uai = forms.CharField(
        label=gettext_lazy("UAI de l’école"),
        max_length=8,
        help_text=gettext_lazy("Sept chiffres et une lettre, par exemple 0110427E"),
    )

    def clean_uai(self) -> RefSchool:
        school = RefSchool.objects.current().filter(uai=self.cleaned_data["uai"].strip().upper()).first()
        if school is None:
            raise forms.ValidationError(_("Aucune école ne porte ce numéro."), code="unknown")
        return school


class WalkInForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=100,
        error_messages={"required": gettext_lazy("Écrivez le nom.")},
    )


class VerifyForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Numéro d’attestation"), max_length=12, help_text=gettext_lazy("Par exemple 2026-00042")
    )
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"), max_length=210, help_text=gettext_lazy("Comme ils sont imprimés")
    )
    code = forms.CharField(
        label=gettext_lazy("Code de vérification"), max_length=12, help_text=gettext_lazy("Par exemple K7PM4-R4TWB")
    )


def department_choices() -> list[tuple[str, Any]]:
    return [("", _("Tous les départements")), *Department.choices]
