from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.words import file_size
from shared_apps.files import services as files
from tenant_apps.liaison.attachments import ACCEPT, KINDS
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.liaison.querysets import classes_written_to_by, groups_written_to_by
from tenant_apps.people.models import Enrollment
from tenant_apps.schools.models import SchoolClass


class NoteForm(forms.ModelForm):
    """What a teacher or a head writes. The classes offered are theirs."""

    attachment = forms.FileField(
        label=_("Pièce jointe"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    drops_attachment = forms.BooleanField(label=_("Retirer la pièce jointe"), required=False)

    class Meta:
        model = LiaisonNote
        fields = [
            "classes",
            "audience",
            "group",
            "title",
            "category",
            "body",
            "happens",
            "to_bring",
            "answer",
            "due_on",
            "needs_each_guardian",
            "reminded_before",
            "allows_reply",
        ]
        widgets = {
            "classes": forms.CheckboxSelectMultiple,
            "audience": forms.RadioSelect,
            "answer": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 8}),
            "due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "happens": _("Par exemple : jeudi 10 décembre, de 9 h à 16 h 15"),
            "to_bring": _("Par exemple : un pique-nique et une gourde"),
            "reminded_before": _("À 17 h, seulement aux familles qui n’ont pas répondu."),
            "allows_reply": _("Chaque famille a son échange avec vous ; aucune ne lit celui d’une autre."),
            "needs_each_guardian": _("Sinon, la signature d’un seul responsable suffit pour l’enfant."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = classes_written_to_by(user)
        self.fields["classes"].queryset = classes
        self.fields["classes"].error_messages["required"] = _("Choisissez au moins une classe.")
        if self.instance._state.adding and len(classes) == 1:
            self.initial["classes"] = list(classes)
        groups = groups_written_to_by(user)
        self.fields["group"].queryset = groups
        if groups:
            self.fields["classes"].required = False
            self.fields["group"].empty_label = _("Aucun")
            self.fields["group"].help_text = _("Seulement ses enfants qui sont dans vos classes.")
        else:
            del self.fields["group"]
            shown = [choice for choice in LiaisonNote.Audience.choices if choice[0] != LiaisonNote.Audience.GROUP]
            self.fields["audience"].choices = shown
        # A page opened before these fields existed sends none.
        for name, usual in (("reminded_before", LiaisonNote.Reminder.TWO_DAYS), ("audience", LiaisonNote.Audience.ALL)):
            self.fields[name].required = not self.is_bound or name in self.data
            self.fields[name].empty_value = usual
        limit = file_size(settings.ENT_FILE_MAX)
        self.fields["attachment"].help_text = _("Un PDF ou une image, %(limit)s au plus.") % {"limit": limit}
        if self.instance._state.adding or self.instance.attachment is None:
            del self.fields["drops_attachment"]
        else:
            self.fields["attachment"].label = _("Remplacer la pièce jointe")

    def clean_due_on(self) -> Any:
        return _not_past(self.cleaned_data["due_on"])

    def clean_attachment(self) -> Any:
        upload = self.cleaned_data["attachment"]
        if upload:
            try:
                files.check(upload, kinds=KINDS)
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == LiaisonNote.Answer.NONE:
            cleaned["due_on"], cleaned["needs_each_guardian"] = None, False
        elif cleaned.get("answer") and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Dites avant quand les familles doivent répondre."))
        if cleaned.get("audience") != LiaisonNote.Audience.GROUP:
            cleaned["group"] = None
        elif not cleaned.get("group"):
            self.add_error("group", _("Choisissez le groupe."))
        classes = cleaned.get("classes")
        if not classes and not cleaned.get("group") and not {"classes", "group"} & self.errors.keys():
            self.add_error("classes", _("Choisissez au moins une classe."))
        if cleaned.get("group"):
            cleaned["classes"] = SchoolClass.objects.none()
        elif classes is not None and len({c.school_id for c in classes}) > 1:
            self.add_error("classes", _("Un mot s’adresse aux classes d’une seule école."))
        return cleaned


def _not_past(due_on: Any) -> Any:
    if due_on and due_on < timezone.localdate():
        raise forms.ValidationError(_("Cette date est passée."), code="past")
    return due_on


class CorrectionForm(forms.ModelForm):
    """What may be put right before anybody signed: neither the readers nor what is asked of them."""

    class Meta:
        model = LiaisonNote
        fields = ["title", "body", "happens", "to_bring", "due_on"]
        widgets = {name: NoteForm._meta.widgets[name] for name in ("body", "due_on")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.asks_answer:
            self.fields["due_on"].required = True
        else:
            del self.fields["due_on"]

    def clean_due_on(self) -> Any:
        return _not_past(self.cleaned_data["due_on"])


class PlanForm(forms.ModelForm):
    """When a draft leaves by itself."""

    planned_for = forms.DateTimeField(
        label=_("Jour et heure"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"required": _("Dites quand le mot doit partir.")},
    )

    class Meta:
        model = LiaisonNote
        fields = ["planned_for"]

    def clean_planned_for(self) -> Any:
        moment = self.cleaned_data["planned_for"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("Cette heure est passée."), code="past")
        return moment


class ChildrenForm(forms.Form):
    """The children of the note's classes, one list a class."""

    def __init__(self, *args: Any, note: LiaisonNote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils: dict[str, Any] = {}
        chosen = {str(pk) for pk in note.pupils.values_list("pk", flat=True)}
        rows = Enrollment.objects.on().filter(school_class__in=note.classes.all())
        rows = rows.select_related("pupil__person", "school_class").order_by("pupil__person__sort_name", "pupil_id")
        lists = {place: list(group) for place, group in groupby(sorted(rows, key=_place), _place)}
        for (label, pk), group in lists.items():
            children = {str(row.pupil_id): row.pupil for row in group}
            self.fields[f"class-{pk}"] = forms.MultipleChoiceField(
                label=label,
                required=len(lists) == 1,
                error_messages={"required": _("Choisissez au moins un enfant.")},
                choices=[(pk, pupil.person.full_name) for pk, pupil in children.items()],
                initial=[pk for pk in children if pk in chosen],
                widget=forms.CheckboxSelectMultiple,
            )
            self.pupils |= children

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ticked = {pk for name in self.fields for pk in cleaned.get(name, [])}
        cleaned["pupils"] = [self.pupils[pk] for pk in ticked]
        if not ticked and not self.errors:
            raise forms.ValidationError(_("Choisissez au moins un enfant."), code="required")
        return cleaned


def _place(row: Enrollment) -> tuple[str, str]:
    return str(row.school_class), str(row.school_class_id)


class WithdrawalForm(forms.ModelForm):
    """Why a note is withdrawn: what its families will read."""

    class Meta:
        model = LiaisonNote
        fields = ["withdrawn_for"]
        labels = {"withdrawn_for": _("Ce que les familles liront")}
        help_texts = {"withdrawn_for": _("Par exemple : la sortie est annulée, il pleut trop.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_for"].required = True
        self.fields["withdrawn_for"].error_messages["required"] = _("Dites aux familles pourquoi ce mot est retiré.")


class AnswerForm(forms.Form):
    """What a guardian answers for one child. Nothing is chosen in advance: it may be a consent."""

    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse avant de signer.")},
    )
    comment = forms.CharField(
        label=_("Un mot à l’enseignant"),
        help_text=_("Par exemple, si vous pouvez accompagner la classe."),
        max_length=Reply._meta.get_field("body").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, choices: list[list[str]], may_write: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_write:
            del self.fields["comment"]
        if choices:
            self.fields["answer"].choices = [(value, label) for value, label in choices]
        else:
            del self.fields["answer"]


class ReplyForm(forms.ModelForm):
    """What is said about a note, by a family or by the school."""

    class Meta:
        model = Reply
        fields = ["body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 3})}
        labels = {"body": _("Votre message")}
        error_messages = {"body": {"required": _("Écrivez quelques mots avant d’envoyer.")}}
