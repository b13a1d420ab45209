"""Every component, every variant, in the three themes; and whole pages made of them (« modèles »)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import gallery_samples as samples

THEMES = {"ecole": "personnels et familles", "eleve": "élèves", "vitrine": "vitrine"}
SPECIMENS = {
    "parent": samples.parent,
    "direction": samples.head,
    "suivi": samples.follow_up,
    "mot": samples.note,
    "signe": samples.signed,
    "ouverture": samples.opening,
    "import": samples.import_review,
    "connexion": samples.sign_in,
    "activation": samples.activation,
    "eleve": samples.young_pupil,
    "cm2": samples.older_pupil,
    "vitrine": samples.showcase,
    "coupons": samples.coupons,
}


def _open_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A place to look at parts: absent in production."""

    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or settings.ENT_DEMO):
            raise Http404
        return view(request, **kwargs)

    return login_not_required(guarded)


class SampleForm(forms.Form):
    """Every kind of field, valid or not."""

    identifier = forms.CharField(
        label="Identifiant", help_text="Sur la fiche remise par l’école, par exemple sophie.ferrer"
    )
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    email = forms.EmailField(label="Adresse électronique", required=False)
    day = forms.DateField(label="Date de la sortie", widget=forms.DateInput(attrs={"type": "date"}))
    school_class = forms.ChoiceField(label="Classe", choices=[("", "Choisir"), ("ce2", "CE2, Mme Vidal")])
    body = forms.CharField(
        label="Texte du mot", widget=forms.Textarea(attrs={"rows": 4}), help_text="Les familles le lisent tel quel."
    )
    file = forms.FileField(label="Fichier ONDE", help_text="Le fichier CSVExtraction.csv, tel que ONDE l’a donné.")
    answer = forms.ChoiceField(
        label="Votre réponse",
        widget=forms.RadioSelect,
        choices=[("yes", "J’autorise Inès à participer"), ("no", "Je n’autorise pas")],
    )
    helpers = forms.MultipleChoiceField(
        label="Vous pouvez aider",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("walk", "Accompagner la classe"), ("cook", "Préparer le goûter")],
    )
    agreed = forms.BooleanField(label="J’ai lu la charte", help_text="Vous pouvez changer d’avis à tout moment.")


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code d’activation", help_text="8 lettres et chiffres. Majuscules ou minuscules, peu importe."
    )


@_open_here
def components(request: HttpRequest, theme: str = "ecole") -> HttpResponse:
    if theme not in THEMES:
        raise Http404
    wrong = SampleForm(
        data={"identifier": "sophie.ferrer", "email": "sophie@", "body": ""}, auto_id="wrong_%s", prefix="w"
    )
    context = {
        "theme": theme,
        "themes": [
            {
                "label": label,
                "url": reverse("gallery:theme", args=[name]),
                "current": name == theme,
            }
            for name, label in THEMES.items()
        ],
        "form": SampleForm(),
        "wrong": wrong,
        "code_form": CodeForm(),
        "wrong_code": CodeForm(data={"w-code": ""}, auto_id="wrong_%s", prefix="w"),
        **samples.parts(),
    }
    return render(request, "gallery/components.html", context)


@_open_here
def specimen(request: HttpRequest, name: str) -> HttpResponse:
    if name not in SPECIMENS:
        raise Http404
    context = SPECIMENS[name]()
    if name == "activation":
        context["form"] = CodeForm(initial={"code": "K7PM-R4TW"})
    return render(request, f"gallery/{name}.html", context)
