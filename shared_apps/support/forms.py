from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shared_apps.reference.models import RefSchool
from shared_apps.support.models import CannedAnswer
from shared_apps.support.vocabulary import MINUTES, Category, Reason, Scope


class AnswerForm(forms.Form):
    """An answer that goes down in the commune's thread."""

    NEXT = [
        ("", _("La demande reste en cours")),
        ("waits", _("J’attends une réponse de la personne")),
        ("solves", _("La demande est résolue")),
        ("returns", _("Je rends la demande à l’école ou à la mairie")),
    ]

    body = forms.CharField(
        label=_("Votre réponse"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Elle s’écrit dans la commune ; l’académie n’en garde pas le texte."),
        error_messages={"required": _("Écrivez une réponse.")},
    )
    then = forms.ChoiceField(label=_("Ensuite"), choices=NEXT, required=False, widget=forms.RadioSelect, initial="")
    canned = forms.CharField(required=False, widget=forms.HiddenInput)


class AccessForm(forms.Form):
    """To look into one commune, already chosen."""

    scope = forms.ChoiceField(
        label=_("Que voulez-vous consulter ?"),
        widget=forms.RadioSelect,
        help_text=_("Les données scolaires : la direction de l’école décide. Les services : la mairie décide."),
        error_messages={"required": _("Choisissez un périmètre : un seul à la fois.")},
    )
    uai = forms.ChoiceField(label=_("École"), required=False)
    reason = forms.ChoiceField(
        label=_("Pour quoi faire ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites pour quelle raison.")},
    )
    words = forms.CharField(
        label=_("Précisions pour qui décide"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lues dans la commune seulement. Aucun nom d’élève ni de parent."),
    )
    minutes = forms.TypedChoiceField(label=_("Pour combien de temps ?"), choices=MINUTES, coerce=int, initial=60)

    def __init__(self, *args: Any, insee: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("scope", Scope), ("reason", Reason)):
            self.fields[name].choices = [(value, capfirst(label)) for value, label in words.choices]
        schools = RefSchool.objects.current().public().of_commune(insee).order_by("sort_name", "uai")
        self.fields["uai"].choices = [("", _("Choisir une école")), *((one.uai, one.name) for one in schools)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("scope") == Scope.SCHOOL and not cleaned.get("uai") and "uai" not in self.errors:
            self.add_error("uai", _("Choisissez l’école : un accès n’en ouvre qu’une."))
        return cleaned


class CannedForm(forms.Form):
    title = forms.CharField(
        label=_("Titre"), max_length=100, help_text=_("Pour la retrouver : seuls les agents le lisent.")
    )
    category = forms.ChoiceField(label=_("Sujet"), choices=Category.choices)
    body = forms.CharField(label=_("Texte"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, canned: CannedAnswer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.canned = canned

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        others = CannedAnswer.objects.filter(title=title)
        if self.canned is not None:
            others = others.exclude(pk=self.canned.pk)
        if others.exists():
            raise forms.ValidationError(_("Une réponse porte déjà ce titre."), code="taken")
        return title


class FilterForm(forms.Form):
    """The filters of the queue: what is not understood is left out."""

    q = forms.CharField(required=False, max_length=60)
    voir = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("À traiter")),
            ("moi", _("Suivies par moi")),
            ("retard", _("En retard")),
            ("tout", _("Toutes")),
        ],
    )
    sujet = forms.ChoiceField(label=_("Sujet"), required=False, choices=[("", _("Tous")), *Category.choices])
    commune = forms.CharField(required=False, max_length=5)
