from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import FilesField, ManyFiles
from shared_apps.files.services import check
from tenant_apps.news import audience
from tenant_apps.news.attachments import ACCEPT, KINDS, files_of
from tenant_apps.news.models import Comment, Post, Reader, Thread
from tenant_apps.news.querysets import serves_the_town
from tenant_apps.schools.models import School

TOWN = "town"
_MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any, *, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, f"{_MOMENT}:%S"],
    )


def _readers_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Qui peut lire"),
        choices=Reader.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une sorte de lecteurs.")},
    )


class ThreadForm(forms.ModelForm):
    owner = forms.ChoiceField(label=_("Fil de"), widget=forms.RadioSelect)
    readers = _readers_field()

    class Meta:
        model = Thread
        fields = ["title", "readers", "is_open_to_teachers"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(TOWN, _("La mairie"))] if serves_the_town(user) else []
        choices += [(str(one.pk), str(one)) for one in School.objects.headed_by(user)]
        self.fields["owner"].choices = choices
        if not self.instance._state.adding:
            del self.fields["owner"]
        elif len(choices) == 1:
            self.initial["owner"] = choices[0][0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if owner := cleaned.get("owner"):
            self.instance.school_id = None if owner == TOWN else owner
        return cleaned


class _AddressedForm(forms.ModelForm):
    """Whom it is for: whole schools, classes, and who reads there."""

    places = forms.MultipleChoiceField(
        label=_("Pour qui"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Dites pour qui : choisissez au moins une école ou une classe.")},
    )
    readers = _readers_field()
    starts_at = _moment(_("Visible à partir du"), _("Vide : dès que vous publiez."))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = self.offered(user)
        self.fields["places"].choices = [(key, words) for key, (_place, words) in self.known.items()]
        if not self.instance._state.adding:
            reaches = self.instance.reaches.all()
            self.initial["places"] = [str(reach.school_class_id or reach.school_id) for reach in reaches]
        elif len(self.known) == 1:
            self.initial["places"] = list(self.known)

    def offered(self, user: Any) -> dict[str, Any]:
        return audience.places(user)

    @property
    def chosen(self) -> list[audience.Place]:
        return [self.known[key][0] for key in self.cleaned_data["places"]]


class NewsForm(_AddressedForm):
    uploads = FilesField(
        label=_("Images et documents"),
        help_text=_("PDF ou image."),
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPT}),
    )
    drops = forms.MultipleChoiceField(
        label=_("Fichiers à retirer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ends_at = _moment(_("Jusqu’au"), _("Vide : elle reste."))

    class Meta:
        model = Post
        fields = ["thread", "title", "body", "readers", "starts_at", "ends_at", "is_pinned", "takes_comments"]
        widgets = {"body": forms.Textarea(attrs={"rows": 10}), "thread": forms.RadioSelect}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        threads = Thread.objects.written_in_by(user)
        thread = self.fields["thread"]
        thread.queryset, thread.required, thread.empty_label = threads, True, None
        thread.label_from_instance = lambda one: f"{one.title} · {one.school or _('Mairie')}"
        if self.instance._state.adding and len(threads) == 1:
            self.initial |= {"thread": threads[0].pk, "readers": threads[0].readers}
        kept = [] if self.instance._state.adding else files_of(self.instance)
        self.fields["drops"].choices = [(str(file.pk), file.name) for file in kept]
        if not kept:
            del self.fields["drops"]

    def clean_uploads(self) -> list[Any]:
        for upload in self.cleaned_data["uploads"]:
            try:
                check(upload, kinds=KINDS)
            except DomainError as refusal:
                raise ValidationError(refusal.message) from refusal
        return self.cleaned_data["uploads"]


class FlashForm(_AddressedForm):
    ends_at = _moment(_("Jusqu’au"), "", required=True)
    owner = forms.ChoiceField(label=_("Au nom de"), widget=forms.RadioSelect)

    class Meta:
        model = Post
        fields = ["title", "body", "level", "readers", "starts_at", "ends_at"]
        widgets = {
            "body": forms.Textarea(attrs={"rows": 3, "maxlength": Post.FLASH_LENGTH}),
            "level": forms.RadioSelect,
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.instance.kind = Post.Kind.FLASH
        choices = [(TOWN, _("La mairie"))] if serves_the_town(user) else []
        choices += [(str(one.pk), str(one)) for one in School.objects.headed_by(user)]
        self.fields["owner"].choices = choices
        self.initial["owner"] = choices[0][0] if self.instance._state.adding else str(self.instance.school_id or TOWN)

    def offered(self, user: Any) -> dict[str, Any]:
        return audience.whole_schools(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if owner := cleaned.get("owner"):
            self.instance.school_id = None if owner == TOWN else owner
        return cleaned


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["body"]
        labels = {"body": _("Votre commentaire")}
        widgets = {"body": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"body": {"required": _("Écrivez votre commentaire avant de l’envoyer.")}}
