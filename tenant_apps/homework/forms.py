from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.words import file_size
from shared_apps.files import services as files
from tenant_apps.homework.attachments import HANDED, KINDS_OF, PAPER, SPOKEN, accept, files_of
from tenant_apps.homework.models import LONGEST, Homework, Progress
from tenant_apps.homework.querysets import enrolled_at
from tenant_apps.people.models import Pupil
from tenant_apps.schools.days import class_days
from tenant_apps.schools.models import School

AHEAD = timedelta(days=30)  # no break lasts longer, but for the summer
COPIED = ("subject", "title", "instruction", "minutes")
WRITING_IS_SCHOOL_S = _(
    "À l’élémentaire, les devoirs écrits à la maison sont proscrits (circulaire du 29 décembre 1956) : "
    "une leçon à apprendre, une lecture, une poésie à dire."
)


class ChildChoiceField(forms.ModelMultipleChoiceField):
    """The class is said where several are mixed (`place`)."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.full_name} ({obj.place})" if obj.place else obj.person.full_name


class FileField(forms.FileField):
    """A file of one purpose, told by its bytes."""

    def __init__(self, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(widget=forms.FileInput(attrs={"accept": accept(purpose)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                files.check(upload, kinds=KINDS_OF[self.purpose])
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return upload


class HomeworkForm(forms.ModelForm):
    """What a teacher gives. `copied`: another homework, whose words are taken over and not its days."""

    pupils = ChildChoiceField(
        label=_("Seulement pour"),
        queryset=Pupil.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ne cochez personne : le devoir est pour toute la classe."),
    )
    paper = FileField(PAPER, label=_("Document"), required=False)
    drops_paper = forms.BooleanField(label=_("Retirer le document"), required=False)
    spoken = FileField(
        SPOKEN,
        label=_("Consigne enregistrée"),
        required=False,
        help_text=_("Un son (MP3, M4A, OGG ou WAV), pour l’enfant ou le parent qui ne lit pas le français."),
    )
    drops_spoken = forms.BooleanField(label=_("Retirer la consigne enregistrée"), required=False)

    class Meta:
        model = Homework
        fields = [
            "subject", "title", "instruction", "minutes", "due_on", "given_on", "published_on", "recurrence", "until",
        ]  # fmt: skip
        widgets = {
            "instruction": forms.Textarea(attrs={"rows": 4}),
            "minutes": forms.NumberInput(attrs={"min": 1, "max": LONGEST, "inputmode": "numeric"}),
        } | {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("due_on", "given_on", "published_on", "until")
        }
        help_texts = {
            "subject": _("Par exemple : Lecture, Mathématiques, Poésie"),
            "published_on": _("Avant ce jour, les familles ne le voient pas."),
            "recurrence": _("Les vacances et les jours sans classe sont sautés."),
        }

    def __init__(self, *args: Any, copied: Homework | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homework = self.instance
        children = Pupil.objects.filter(enrollments__in=enrolled_at(homework)).select_related("person")
        place: Any = Value("")
        if homework.group_id:
            place = F("enrollments__school_class__label")
            self.fields["pupils"].help_text = _("Ne cochez personne : le devoir est pour tout le groupe.")
        self.fields["pupils"].queryset = children.annotate(place=place).order_by("person__sort_name", "pk")
        if homework.school.kind != School.Kind.NURSERY:
            self.fields["instruction"].help_text = WRITING_IS_SCHOOL_S
        if self.instance._state.adding:
            self._begin(copied)
        elif not self.instance.is_for_all:
            self.initial["pupils"] = list(self.instance.pupils.all())
        self._offer_to_drop()

    def _begin(self, copied: Homework | None) -> None:
        today = timezone.localdate()
        coming = class_days(self.instance.school, today + timedelta(days=1), today + AHEAD)
        self.initial |= {"given_on": today, "published_on": today, "due_on": coming[0] if coming else None}
        if copied is not None:
            self.initial |= {name: getattr(copied, name) for name in COPIED}

    def _offer_to_drop(self) -> None:
        kept = {} if self.instance._state.adding else files_of([self.instance.pk])
        for purpose, name in ((PAPER, "paper"), (SPOKEN, "spoken")):
            if (purpose, self.instance.pk) not in kept:
                del self.fields[f"drops_{name}"]
        limit = file_size(settings.ENT_FILE_MAX)
        self.fields["paper"].help_text = _("Un PDF ou une image, %(limit)s au plus.") % {"limit": limit}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("recurrence") == Homework.Recurrence.ONCE:
            cleaned["until"] = None
        elif not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Dites jusqu’à quand ce devoir revient."))
        return cleaned

    @property
    def uploads(self) -> dict[str, Any]:
        typed = {PAPER: self.cleaned_data["paper"], SPOKEN: self.cleaned_data["spoken"]}
        return {purpose: upload for purpose, upload in typed.items() if upload}

    @property
    def dropped(self) -> list[str]:
        return [p for p, name in ((PAPER, "drops_paper"), (SPOKEN, "drops_spoken")) if self.cleaned_data.get(name)]


class HandInForm(forms.Form):
    """A pupil gives a photograph of its notebook, a text…"""

    file = FileField(HANDED, label=_("Ton fichier"), error_messages={"required": _("Choisis d’abord ton fichier.")})


class WordForm(forms.ModelForm):
    class Meta:
        model = Progress
        fields = ["word"]
