from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from tenant_apps.agenda.models import Event, Lesson
from tenant_apps.agenda.querysets import classes_written_by, groups_kept_by
from tenant_apps.people.models import StaffAssignment
from tenant_apps.schools.models import School

COMMUNE = "commune"
_DATE = {"format": "%Y-%m-%d", "attrs": {"type": "date"}}
_TIME = {"format": "%H:%M", "attrs": {"type": "time"}}


class EventForm(forms.ModelForm):
    """What one writes in a calendar of one's own. The last day is the first when it is not told."""

    reach = forms.ChoiceField(label=_("Pour qui"), widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Dernier jour"),
        required=False,
        help_text=_("S’il y a plusieurs jours."),
        widget=forms.DateInput(**_DATE),
    )

    class Meta:
        model = Event
        fields = [
            "reach",
            "kind",
            "title",
            "starts_on",
            "ends_on",
            "begins_at",
            "ends_at",
            "place",
            "details",
            "repeats",
            "until",
        ]
        widgets = {
            "starts_on": forms.DateInput(**_DATE),
            "until": forms.DateInput(**_DATE),
            "begins_at": forms.TimeInput(**_TIME),
            "ends_at": forms.TimeInput(**_TIME),
            "details": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "begins_at": _("Laissez vide pour la journée entière."),
            "repeats": _("Rien n’est répété pendant les vacances ni les jours fériés."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = _places(user)
        self.fields["reach"].choices = [(key, label) for key, (label, *_where) in self.places.items()]
        if not self.instance._state.adding:
            self.initial["reach"] = str(self.instance.place_id or COMMUNE)
        elif len(self.places) == 1:
            self.initial["reach"] = next(iter(self.places))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["ends_on"] = cleaned.get("ends_on") or cleaned.get("starts_on")
        if cleaned.get("repeats") == Event.Repeats.NEVER:
            cleaned["until"] = None
        elif cleaned.get("repeats") and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Dites jusqu’à quand cela se répète."))
        if cleaned.get("ends_at") and not cleaned.get("begins_at") and "begins_at" not in self.errors:
            self.add_error("begins_at", _("Dites à quelle heure cela commence."))
        if cleaned.get("reach"):
            where = self.places[cleaned["reach"]][1:]
            self.instance.school_id, self.instance.school_class_id, self.instance.group_id = where
        return cleaned


def _places(user: Any) -> dict[str, tuple[str, Any, Any, Any]]:
    """Key → (words, school, class, group): the calendars that this person keeps."""
    found: dict[str, tuple[str, Any, Any, Any]] = {}
    if StaffAssignment.objects.of(user).on().for_the_whole_commune().exists():
        found[COMMUNE] = (str(_("Toute la commune")), None, None, None)
    for school in School.objects.headed_by(user):
        found[str(school.pk)] = (str(_("Toute l’école : %(name)s") % {"name": school}), school.pk, None, None)
    for one in classes_written_by(user):
        found[str(one.pk)] = (f"{one.label} · {one.school}", one.school_id, one.pk, None)
    for group in groups_kept_by(user):
        label = str(_("Groupe : %(name)s · %(school)s") % {"name": group, "school": group.school})
        found[str(group.pk)] = (label, group.school_id, None, group.pk)
    return found


class LessonForm(forms.ModelForm):
    class Meta:
        model = Lesson
        fields = ["weekday", "begins_at", "ends_at", "label"]
        widgets = {"begins_at": forms.TimeInput(**_TIME), "ends_at": forms.TimeInput(**_TIME)}


class SlotsForm(forms.Form):
    """A stretch of a day, cut into slots."""

    school_class = forms.ModelChoiceField(label=_("Pour les familles de"), queryset=None, empty_label=None)
    day = forms.DateField(label=_("Jour"), widget=forms.DateInput(**_DATE))
    begins_at = forms.TimeField(label=_("De"), widget=forms.TimeInput(**_TIME))
    ends_at = forms.TimeField(label=_("À"), widget=forms.TimeInput(**_TIME))
    minutes = forms.TypedChoiceField(
        label=_("Durée d’un rendez-vous"),
        coerce=int,
        choices=[(n, _("%(count)s minutes") % {"count": n}) for n in (10, 15, 20, 30, 45)],
        initial=15,
    )
    place = forms.CharField(label=_("Lieu"), required=False, max_length=120, help_text=_("Par exemple : salle 3"))
    video_url = forms.URLField(
        label=_("Lien de la visioconférence"),
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        error_messages={"invalid": _("Ce lien doit commencer par https://")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes_written_by(user)


class WordForm(forms.Form):
    word = forms.CharField(
        label=_("Un mot pour l’autre personne"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
