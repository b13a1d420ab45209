from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import figure
from shared_apps.accounts.models import StaffRole
from shared_apps.onboarding.models import Case, CaseContact, Convention, ConventionSignature, SignatoryParty
from shared_apps.reference.models import Department, District, RefSchool
from tenants.models import Commune


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PastDayField(forms.DateField):
    """A day that has come; today is proposed."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(initial=timezone.localdate, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError(_("Cette date est à venir : indiquez le jour où cela s’est passé."))


class ContactedForm(forms.Form):
    on = PastDayField(label=gettext_lazy("Contactée le"))
    detail = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Par exemple : appel, puis courriel officiel"),
    )


class HeadsConsentForm(forms.Form):
    asks_heads = forms.TypedChoiceField(
        label=gettext_lazy("Dans une école, une actualité de la mairie"),
        choices=[
            ("yes", gettext_lazy("attend l’accord de la direction")),
            ("no", gettext_lazy("paraît tout de suite : la convention le permet")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )


class ContactForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        required=False,
        help_text=gettext_lazy("Celle de son premier compte, à l’ouverture."),
    )

    @classmethod
    def of(cls, contact: CaseContact | None, data: Any = None) -> "ContactForm":
        initial = {name: getattr(contact, name) for name in cls.base_fields} if contact else None
        return cls(data, initial=initial)


class DraftForm(forms.Form):
    uais = forms.MultipleChoiceField(
        label=gettext_lazy("Écoles de la convention"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choisissez au moins une école."),
            "invalid_choice": gettext_lazy("%(value)s n’est pas une école publique de la commune."),
        },
    )
    drafted_on = PastDayField(label=gettext_lazy("Projet du"))
    term_months = forms.TypedChoiceField(
        label=gettext_lazy("Durée"),
        choices=[(12, gettext_lazy("un an")), (24, gettext_lazy("deux ans")), (36, gettext_lazy("trois ans"))],
        coerce=int,
        empty_value=Convention.TERM_MONTHS,
        required=False,
    )
    renewal = forms.TypedChoiceField(
        label=gettext_lazy("Reconduction"),
        choices=Convention.Renewal,
        empty_value=Convention.Renewal.TACIT,
        required=False,
    )
    signatory = forms.ChoiceField(label=gettext_lazy("Signe pour la commune"), required=False)
    party_name = forms.CharField(label=gettext_lazy("Nom du syndicat"), max_length=200, required=False)
    party_siren = forms.RegexField(
        r"^[0-9]{9}$",
        label=gettext_lazy("SIREN du syndicat"),
        required=False,
        error_messages={"invalid": gettext_lazy("Un SIREN a neuf chiffres.")},
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        convention = case.convention
        initial: dict[str, Any] = {"term_months": Convention.TERM_MONTHS, "renewal": Convention.Renewal.TACIT}
        if convention:
            initial |= {"drafted_on": convention.drafted_on, "uais": convention.uais}
            initial |= {"term_months": convention.term_months, "renewal": convention.renewal}
        super().__init__(data, initial=initial | self._of_party(convention))
        self.commune = case.commune
        signatory: Any = self.fields["signatory"]
        signatory.choices = self._signatories()
        schools = RefSchool.objects.current().public().of_commune(case.insee)
        field: Any = self.fields["uais"]
        field.choices = [(school.uai, self.words(school)) for school in schools]
        if convention is None:
            field.initial = [school.uai for school in schools]

    def _signatories(self) -> list[tuple[str, str]]:
        found = [("", _("le maire"))]
        if self.commune.epci_code:
            found.append(("epci", _("le président : %(name)s") % {"name": self.commune.epci_name}))
        return [*found, ("syndicat", _("le président d’un syndicat, nommé ci-dessous"))]

    @staticmethod
    def _of_party(convention: Convention | None) -> dict[str, str]:
        party = convention.party if convention else None
        if party is None:
            return {}
        named = {"party_name": party.name, "party_siren": party.siren} if party.kind == "syndicat" else {}
        return {"signatory": party.kind, **named}

    def clean(self) -> dict[str, Any]:
        """`party`: who signs, when it isn't the mayor."""
        typed = super().clean() or {}
        kind, name, siren = (typed.pop(key, "") or "" for key in ("signatory", "party_name", "party_siren"))
        if kind == "epci":  # its code is its SIREN
            name, siren = self.commune.epci_name, self.commune.epci_code
        elif kind == "syndicat" and not (name and siren) and not self.errors:
            self.add_error("party_name", _("Nommez le syndicat et donnez son SIREN."))
        typed["party"] = SignatoryParty(kind=kind, name=name, siren=siren) if kind and name and siren else None
        return typed

    @staticmethod
    def words(school: RefSchool) -> str:
        if school.pupils is None:
            pupils = _("effectif inconnu")
        else:
            pupils = ngettext("%(count)s élève", "%(count)s élèves", school.pupils) % {"count": figure(school.pupils)}
        return _("%(name)s · %(pupils)s") % {"name": school.name, "pupils": pupils}


class DeliberationForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Numéro de la délibération"),
        max_length=40,
        help_text=gettext_lazy("Tel qu’il est écrit sur l’extrait du registre, par exemple 2026-118"),
    )
    on = PastDayField(label=gettext_lazy("Conseil municipal du"))


class SignatureForm(forms.Form):
    signer_name = forms.CharField(label=gettext_lazy("Nom du signataire"), max_length=120)
    signer_quality = forms.CharField(label=gettext_lazy("En qualité de"), max_length=120)
    signed_on = PastDayField(label=gettext_lazy("Signée le"))
    place = forms.CharField(label=gettext_lazy("Fait à"), max_length=60)
    scan = forms.FileField(
        label=gettext_lazy("Exemplaire signé, numérisé"),
        required=False,
        help_text=gettext_lazy("PDF ou photo. Son empreinte est gardée avec lui."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, case: Case, side: str) -> None:
        super().__init__(data, files, initial=self.proposed(case, side))

    @staticmethod
    def proposed(case: Case, side: str) -> dict[str, str]:
        """What is known already: the mayor and the town, or the recteur and Montpellier."""
        if side == ConventionSignature.Side.ACADEMY:
            return {"signer_quality": _("recteur de l’académie"), "place": "Montpellier"}
        mayors = (c for c in case.contacts.all() if c.role == CaseContact.Role.MAYOR)
        mayor = next(mayors, None)
        name = mayor.full_name if mayor else ""
        return {"signer_name": name, "signer_quality": _("maire"), "place": case.commune.name}


class OwnerForm(forms.Form):
    owner: Any = forms.ModelChoiceField(label=gettext_lazy("Suivi par"), queryset=None, empty_label=None)

    def __init__(self, data: Any = None, *, case: Case, officers: Any) -> None:
        super().__init__(data, initial={"owner": case.owner_id})
        field: Any = self.fields["owner"]
        field.queryset = officers


class StaffForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("Prénom"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Nom"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("Adresse professionnelle"))


class RolesForm(forms.Form):
    """The roles of an account; inspectors are given a circonscription, DASEN a département."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Rôles"),
        widget=forms.CheckboxSelectMultiple,
        choices=StaffRole.Role.choices,
        required=False,
    )
    district = forms.ModelChoiceField(
        label=gettext_lazy("Circonscription de l’inspecteur"),
        queryset=District.objects.current(),
        to_field_name="uai",
        required=False,
        empty_label=gettext_lazy("Toutes"),
    )
    department = forms.ChoiceField(
        label=gettext_lazy("Département du directeur académique"),
        choices=[("", gettext_lazy("Tous")), *Department.choices],
        required=False,
    )

    def __init__(self, data: Any = None, *, member: Any) -> None:
        held = {row.role: row.scope for row in member.staff_roles.all()}
        initial = {
            "roles": list(held),
            "district": held.get(StaffRole.Role.INSPECTOR, ""),
            "department": held.get(StaffRole.Role.DASEN, ""),
        }
        super().__init__(data, initial=initial)

    def pairs(self) -> list[tuple[str, str]]:
        """(role, scope) as they are kept."""
        district = self.cleaned_data["district"]
        scopes = {
            StaffRole.Role.INSPECTOR: district.uai if district else "",
            StaffRole.Role.DASEN: self.cleaned_data["department"],
        }
        return [(role, scopes.get(role, "")) for role in self.cleaned_data["roles"]]


class IsolationForm(forms.Form):
    origin = forms.ModelChoiceField(
        label=gettext_lazy("Depuis la commune"), queryset=Commune.objects.laid(), empty_label=None
    )
    target = forms.ModelChoiceField(
        label=gettext_lazy("Vers la commune"), queryset=Commune.objects.laid(), empty_label=None
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("origin") and cleaned["origin"] == cleaned.get("target"):
            self.add_error("target", _("Choisissez deux communes différentes."))
        return cleaned
