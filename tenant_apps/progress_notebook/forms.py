from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import uuid7
from tenant_apps.people.models import Pupil
from tenant_apps.progress_notebook.attachments import PHOTO, SOUND, accept, check
from tenant_apps.progress_notebook.domains import LINES, SHORT, SUMMARY, TOGETHER
from tenant_apps.progress_notebook.models import Acquisition, Notebook, Observation, Period
from tenant_apps.progress_notebook.services.notebooks import Typed
from tenant_apps.progress_notebook.services.observations import Noted
from tenant_apps.schools.models import School, SchoolYear


class ChildChoiceField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """A family that refused photos is remembered where one takes them."""
        name = obj.person.full_name
        return _("%(name)s (pas de photo)") % {"name": name} if obj.has_photo_consent is False else name


class RecordedField(forms.FileField):
    """A photo or a sound, told by its bytes. `capture`: a telephone opens its camera at once."""

    def __init__(self, purpose: str, capture: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        attrs = {"accept": accept(purpose)} | ({"capture": capture} if capture else {})
        super().__init__(required=False, widget=forms.FileInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                check(upload, self.purpose)
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return upload


class ObservationForm(forms.Form):
    """What was seen of one child or of several; a new observation, or one that is corrected."""

    domain = forms.ChoiceField(label=_("Dans quel domaine ?"), choices=list(SHORT.items()), widget=forms.RadioSelect)
    photo = RecordedField(PHOTO, "environment", label=_("Une photo"))
    drops_photo = forms.BooleanField(label=_("Supprimer la photo"), required=False)
    sound = RecordedField(SOUND, label=_("Un son"))
    drops_sound = forms.BooleanField(label=_("Supprimer le son"), required=False)
    milestone = forms.CharField(
        label=_("Ce que l’enfant réussit"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"list": "milestones", "autocomplete": "off"}),
    )
    words = forms.CharField(
        label=_("Quelques mots"),
        max_length=1000,
        required=False,
        help_text=_("La famille les lira : ni la santé de l’enfant, ni le nom d’un autre enfant."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_on = forms.DateField(label=_("Vu le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, observation: Observation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen_on", timezone.localdate())
        if observation is not None:
            self.initial |= {name: getattr(observation, name) for name in ("domain", "milestone", "words", "seen_on")}
        for name in ("photo", "sound"):
            if not getattr(observation, f"has_{name}", False):
                del self.fields[f"drops_{name}"]

    @property
    def noted(self) -> Noted:
        data = self.cleaned_data
        return Noted(data["domain"], data["seen_on"], data["milestone"], data["words"])

    @property
    def uploads(self) -> dict[str, Any]:
        typed = {PHOTO: self.cleaned_data["photo"], SOUND: self.cleaned_data["sound"]}
        return {purpose: upload for purpose, upload in typed.items() if upload}

    @property
    def dropped(self) -> list[str]:
        return [p for p, name in ((PHOTO, "drops_photo"), (SOUND, "drops_sound")) if self.cleaned_data.get(name)]


class ObserveForm(ObservationForm):
    """The same, of the children whom one chooses first."""

    pupils = ChildChoiceField(
        label=_("Qui ?"),
        queryset=Pupil.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un enfant.")},
    )
    # Names this sending, so that what is sent twice is noted once.
    gesture = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ["pupils"]

    def __init__(self, *args: Any, pupils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("gesture", uuid7())
        self.fields["pupils"].queryset = pupils


class PeriodForm(forms.ModelForm):
    """A new period of a school that one heads."""

    class Meta:
        model = Period
        fields = ("school", "kind", "label", "starts_on", "ends_on", "needs_each_guardian")
        widgets = {
            "kind": forms.RadioSelect,
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = School.objects.headed_by(user).exclude(kind=School.Kind.ELEMENTARY)
        self.fields["school"].queryset = schools
        if len(schools) == 1:
            self.fields["school"].initial = schools[0]
            self.fields["school"].empty_label = None
        # Before the constraint « one label a year » is checked.
        self.instance.year = SchoolYear.objects.current().first()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi rouvrir ?"), max_length=300, help_text=_("Les familles lisent ce motif avec la correction.")
    )


class NotebookForm(forms.Form):
    """A pupil’s notebook: the teacher’s words; of a summary, the positions and the points too."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    appreciation = forms.CharField(
        label=_("Mot de l’enseignant"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, notebook: Notebook, **kwargs: Any) -> None:
        initial = {"version": notebook.version, "appreciation": notebook.appreciation}
        if notebook.period.is_summary:
            initial |= {f"line-{code}": at for code, at in notebook.positions.items()}
            initial |= {f"points-{code}": words for code, words in notebook.points.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.is_summary = notebook.period.is_summary
        if self.is_summary:
            for code, name in LINES.items():
                self.fields[f"line-{code}"] = forms.TypedChoiceField(
                    label=name, choices=Acquisition.Position.choices, coerce=int, required=False, empty_value=None
                )
            for code, (name, _lines) in SUMMARY.items():
                self.fields[f"points-{code}"] = _points(_("Points forts et besoins à prendre en compte"), name)
            for code, name in TOGETHER.items():
                self.fields[f"points-{code}"] = _points(name, name)

    def domains(self) -> list[dict[str, Any]]:
        """For the page: each domain, its lines with the three answers, its points."""
        return [
            {"name": name, "lines": [self._line(code) for code in lines], "points": self[f"points-{domain}"]}
            for domain, (name, lines) in SUMMARY.items()
        ]

    def together(self) -> list[forms.BoundField]:
        return [self[f"points-{code}"] for code in TOGETHER]

    def _line(self, code: str) -> dict[str, Any]:
        field = self[f"line-{code}"]
        answers = [
            {"label": label, "value": value, "current": str(field.value()) == str(value)}
            for value, label in Acquisition.Position.choices
        ]
        return {"label": field.label, "name": field.html_name, "answers": answers}

    @property
    def typed(self) -> Typed:
        # A browser sends line ends of its own.
        data = {
            name: one.replace("\r\n", "\n") if isinstance(one, str) else one for name, one in self.cleaned_data.items()
        }
        positions = {code: data[f"line-{code}"] for code in LINES if data.get(f"line-{code}")}
        points = {code: data[f"points-{code}"] for code in (*SUMMARY, *TOGETHER) if data.get(f"points-{code}")}
        return Typed(data["version"], data["appreciation"], points, positions)


def _points(label: Any, said: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "aria-label": f"{label} · {said}" if label != said else label})
    return forms.CharField(label=label, max_length=500, required=False, widget=widget)
