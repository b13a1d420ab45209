from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.surveys.models import Question, Survey
from tenant_apps.surveys.querysets import classes_asked_by

MOST_CHOICES = 12
LENGTHS = {"choice": 100, "text": 1000}


class SurveyForm(forms.ModelForm):
    class Meta:
        model = Survey
        fields = ["classes", "title", "words", "audience", "once", "is_anonymous", "ends_on"]
        widgets = {
            "classes": forms.CheckboxSelectMultiple,
            "audience": forms.RadioSelect,
            "once": forms.RadioSelect,
            "words": forms.Textarea(attrs={"rows": 3}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = classes_asked_by(user)
        self.fields["classes"].queryset = classes
        if self.instance._state.adding and len(classes) == 1:
            self.initial["classes"] = list(classes)

    def clean_ends_on(self) -> Any:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < timezone.localdate():
            raise forms.ValidationError(_("Cette date est passée."), code="past")
        return ends_on


class QuestionForm(forms.Form):
    label = forms.CharField(label=_("Question"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Réponse"), choices=Question.Kind.choices, required=False)
    choices = forms.CharField(
        label=_("Choix"), help_text=_("Un par ligne."), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        choices = list(dict.fromkeys(line for line in lines if line))
        if len(choices) > MOST_CHOICES or any(len(one) > LENGTHS["choice"] for one in choices):
            raise forms.ValidationError(_("Douze choix au plus, de cent signes chacun."), code="too_many")
        return choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_text = cleaned.get("kind") == Question.Kind.TEXT
        if cleaned.get("label") and not is_text and len(cleaned.get("choices") or []) < 2 and not self.errors:
            self.add_error("choices", _("Proposez au moins deux choix."))
        return cleaned

    @property
    def question(self) -> Question | None:
        """Nothing asked, no question."""
        typed = self.cleaned_data
        if not typed.get("label"):
            return None
        kind = typed["kind"] or Question.Kind.ONE
        choices = [] if kind == Question.Kind.TEXT else typed["choices"]
        return Question(label=typed["label"], kind=kind, choices=choices)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=3, max_num=20, absolute_max=20)


def questions_of(survey: Survey) -> list[dict[str, Any]]:
    rows = [] if survey._state.adding else survey.questions.all()
    return [{"label": one.label, "kind": one.kind, "choices": "\n".join(one.choices)} for one in rows]


class ResponseForm(forms.Form):
    """A field for each question; nothing is chosen in advance. A text may be left empty."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[str(question.pk)] = self._field(question)

    def _field(self, question: Question) -> forms.Field:
        choices = [(one, one) for one in question.choices]
        if question.is_text:
            area = forms.Textarea(attrs={"rows": 3})
            return forms.CharField(label=question.label, required=False, max_length=LENGTHS["text"], widget=area)
        messages = {"required": _("Choisissez une réponse.")}
        facts = {"label": question.label, "choices": choices, "error_messages": messages}
        if question.kind == Question.Kind.MANY:
            return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **facts)
        return forms.ChoiceField(widget=forms.RadioSelect, **facts)

    @property
    def answers(self) -> dict[str, list[str]]:
        return {key: one if isinstance(one, list) else [one] for key, one in self.cleaned_data.items() if one}
