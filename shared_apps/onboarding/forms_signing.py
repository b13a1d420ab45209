"""Forms of the signatures made on the platform, of amendments and of templates."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.onboarding import texts
from shared_apps.onboarding.forms import DraftForm, PastDayField
from shared_apps.onboarding.models import Case, CaseContact, Convention, ConventionSignature
from shared_apps.reference.models import RefSchool


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Adresse officielle de la commune"),
        help_text=gettext_lazy("Celle que la mairie publie : qui la lit pourra signer."),
    )

    @classmethod
    def of(cls, case: Case, data: Any = None) -> "InviteForm":
        """The address that answered for the town, else its mayor's."""
        known = getattr(case, "official_address", None) or next(
            (c for c in case.contacts.all() if c.role == CaseContact.Role.MAYOR), None
        )
        return cls(data, initial={"email": known.email if known else ""})


class SignerForm(forms.Form):
    """Who signs, as the file will say it."""

    name = forms.CharField(label=gettext_lazy("Votre prénom et votre nom"), max_length=120)
    quality = forms.CharField(
        label=gettext_lazy("En qualité de"),
        max_length=120,
        help_text=gettext_lazy("Par exemple : maire ; première adjointe, par délégation"),
    )
    place = forms.CharField(label=gettext_lazy("Fait à"), max_length=60)
    has_read = forms.BooleanField(
        label=gettext_lazy("J’ai lu ce document et je le signe"),
        error_messages={"required": gettext_lazy("Cochez cette case pour signer.")},
    )

    @classmethod
    def for_commune(cls, convention: Convention, data: Any = None) -> "SignerForm":
        return cls(data, initial={"place": convention.case.commune.name})

    @classmethod
    def for_academy(cls, user: Any, data: Any = None) -> "SignerForm":
        quality = _("pour le recteur, par délégation")
        form = cls(data, initial={"name": user.get_full_name(), "quality": quality, "place": "Montpellier"})
        form.fields["quality"].help_text = ""
        return form

    def facts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in ("name", "quality", "place")}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code reçu par courriel"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AmendmentForm(forms.Form):
    added = forms.MultipleChoiceField(
        label=gettext_lazy("Écoles à ajouter"), widget=forms.CheckboxSelectMultiple, required=False
    )
    withdrawn = forms.MultipleChoiceField(
        label=gettext_lazy("Écoles à retirer"), widget=forms.CheckboxSelectMultiple, required=False
    )
    drafted_on = PastDayField(label=gettext_lazy("Projet du"))

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        inside = set(case.schools)
        for school in RefSchool.objects.current().public().of_commune(case.insee):
            field: Any = self.fields["withdrawn" if school.uai in inside else "added"]
            field.choices = [*field.choices, (school.uai, DraftForm.words(school))]
        for name in ("added", "withdrawn"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]


class TemplateForm(forms.Form):
    articles = forms.CharField(
        label=gettext_lazy("Articles"),
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=gettext_lazy("Un titre est une ligne qui débute par « ## » ; une ligne vide sépare les paragraphes."),
    )
    privacy = forms.CharField(
        label=gettext_lazy("Annexe sur les données personnelles"),
        widget=forms.Textarea(attrs={"rows": 16}),
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Ce qui change"), max_length=200)

    def __init__(self, data: Any = None, *, kind: str) -> None:
        words = texts.current(kind)
        super().__init__(data, initial={"articles": words.articles, "privacy": words.privacy})
        if kind == Convention.Kind.AMENDMENT:
            del self.fields["privacy"]

    def words(self) -> dict[str, str]:
        return {"articles": self.cleaned_data["articles"], "privacy": self.cleaned_data.get("privacy", "")}


SIDES = {"commune": ConventionSignature.Side.COMMUNE, "academie": ConventionSignature.Side.ACADEMY}
