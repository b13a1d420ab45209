from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from shared_apps.files import services as files
from shared_apps.files.kinds import JPEG, PDF, PNG, WEBP
from tenant_apps.support.circles import schools_of, scope_of
from tenant_apps.support.models import Ticket
from tenant_apps.support.notifications import PROBLEMS

KINDS = frozenset({PDF, PNG, JPEG, WEBP})
ACCEPT = ",".join(extension for kind in (PDF, JPEG, PNG, WEBP) for extension in kind.extensions)


def capitals(choices: Any) -> list[tuple[str, str]]:
    """Labels as a list of choices begins them; in the middle of a sentence they have no capital."""
    return [(value, capfirst(label)) for value, label in choices]


class FileForm(forms.Form):
    attachment = forms.FileField(
        label=_("Pièce jointe"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Un PDF ou une image : par exemple la photo de votre écran."),
    )

    def clean_attachment(self) -> Any:
        upload = self.cleaned_data["attachment"]
        if upload:
            try:
                files.check(upload, kinds=KINDS)
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return upload


class TicketForm(FileForm):
    category = forms.ChoiceField(
        label=_("De quoi s’agit-il ?"),
        error_messages={"required": _("Choisissez un sujet.")},
    )
    subject = forms.CharField(
        label=_("En une ligne"),
        max_length=120,
        help_text=_("Par exemple : « Je ne vois pas le mot de lundi »"),
        error_messages={"required": _("Dites en une ligne ce qui ne va pas.")},
    )
    body = forms.CharField(
        label=_("Que se passe-t-il ?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Ce que vous vouliez faire, ce que vous voyez. Jamais de mot de passe."),
        error_messages={"required": _("Racontez ce qui se passe.")},
    )
    priority = forms.ChoiceField(
        label=_("C’est…"),
        widget=forms.RadioSelect,
        initial=Ticket.Priority.NORMAL,
    )
    school = forms.ModelChoiceField(queryset=None, label=_("École"), empty_label=_("Choisir l’école"))
    joins = forms.BooleanField(label=_("Joindre ces informations techniques"), required=False, initial=True)
    shares = forms.BooleanField(
        label=_("L’assistance académique peut lire cette conversation pendant 15 jours"),
        required=False,
        help_text=_("Sinon elle n’en voit que le sujet et la date, et vous répond à l’aveugle. Vous pouvez l’arrêter."),
    )
    page = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    screen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput(attrs={"data-screen": ""}))
    field_order = ("school", "category", "subject", "body", "priority", "attachment", "joins", "shares")

    def __init__(self, *args: Any, user: Any, profile: str, goes_up: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choisir un sujet")), *capitals(Ticket.Category.choices)]
        self.fields["priority"].choices = capitals(Ticket.Priority.choices)
        schools = schools_of(user, profile)
        self.fields["school"].queryset = schools
        self.fields["school"].error_messages["required"] = _("Choisissez l’école concernée.")
        if scope_of(profile) == Ticket.Scope.TOWN:
            del self.fields["school"]
        elif len(found := list(schools[:2])) == 1:
            self.fields["school"].initial = found[0].pk
            self.fields["school"].widget = forms.HiddenInput()
        if not goes_up:
            del self.fields["shares"]


class WriteForm(FileForm):
    NEXT = [
        ("", _("La demande reste en cours")),
        ("waits", _("J’attends une réponse de la personne")),
        ("solves", _("La demande est résolue")),
    ]

    body = forms.CharField(
        label=_("Votre message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Écrivez un message.")},
    )
    then = forms.ChoiceField(label=_("Ensuite"), choices=NEXT, required=False, widget=forms.RadioSelect, initial="")
    field_order = ("body", "attachment", "then")

    def __init__(self, *args: Any, answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not answers:
            del self.fields["then"]


class EscalateForm(forms.Form):
    body = forms.CharField(
        label=_("Un mot pour l’académie"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Il rejoint la conversation."),
    )
    shares = forms.BooleanField(
        label=_("L’assistance académique peut lire cette conversation pendant 15 jours"),
        required=False,
        help_text=_("Cette conversation seulement, sans les noms de qui écrit. La personne en est prévenue."),
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shares"]


class RateForm(forms.Form):
    RATINGS = [(4, _("Très bien")), (3, _("Bien")), (2, _("Moyen")), (1, _("Pas bien"))]

    rating = forms.TypedChoiceField(
        label=_("Comment cela s’est-il passé ?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    words = forms.CharField(
        label=_("Un mot"), required=False, max_length=300, help_text=_("Il reste dans votre commune.")
    )


class ProblemForm(forms.Form):
    what = forms.ChoiceField(choices=list(PROBLEMS.items()))
    body = forms.CharField(required=False, max_length=300)
