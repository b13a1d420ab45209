"""Forms of the follow-up: contacts on one page, tasks, notes, files; waves and lists of communes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.forms import FilesField, ManyFiles
from shared_apps.files.kinds import PDF, PICTURES
from shared_apps.files.services import check
from shared_apps.onboarding.forms import DayInput, PastDayField, SignatureForm
from shared_apps.onboarding.models import Case, CaseContact, ConventionSignature
from shared_apps.onboarding.scans import by_commune
from shared_apps.onboarding.staff import officers
from shared_apps.reference.models import Department, District, RefCommune, RefSchool

Role = CaseContact.Role


class ContactsForm(forms.Form):
    """The official address, the mayor, who represents the town, the heads: what is filled is saved."""

    def __init__(self, data: Any = None, *, case: Case, schools: list[RefSchool]) -> None:
        super().__init__(data)
        self.people: list[tuple[str, Any, RefSchool | None]] = [("mayor", Role.MAYOR, None)]
        self.people += [("delegate", Role.SCHOOL_SERVICE, None)]
        self.people += [(f"head-{school.uai}", Role.HEAD, school) for school in schools]
        address = getattr(case, "official_address", None)
        email = address.email if address else ""
        self.fields["official"] = forms.EmailField(
            label=_("Adresse officielle de la mairie"), required=False, initial=email,
            help_text=_("Celle que la mairie publie, jamais celle d’une personne."),
        )  # fmt: skip
        self.fields["source"] = forms.CharField(
            label=_("D’où vient cette adresse"), required=False, max_length=120,
            initial=address.source if address else _("site de la commune"),
        )  # fmt: skip
        known = {(c.role, c.school_id): c for c in case.contacts.all()}
        for prefix, role, school in self.people:
            self._add_person(prefix, known.get((role, school.uai if school else None)))

    def _add_person(self, prefix: str, contact: CaseContact | None) -> None:
        self.fields[f"{prefix}-first_name"] = forms.CharField(
            label=_("Prénom"), required=False, max_length=100, initial=contact and contact.first_name
        )
        self.fields[f"{prefix}-last_name"] = forms.CharField(
            label=_("Nom"), required=False, max_length=100, initial=contact and contact.last_name
        )
        self.fields[f"{prefix}-email"] = forms.EmailField(
            label=_("Adresse électronique"), required=False, initial=contact and contact.email
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("official") and not cleaned.get("source"):
            self.add_error("source", _("Dites où vous avez trouvé cette adresse."))
        for prefix, _role, _school in self.people:
            first, last = cleaned.get(f"{prefix}-first_name"), cleaned.get(f"{prefix}-last_name")
            if bool(first) != bool(last) or (cleaned.get(f"{prefix}-email") and not last):
                self.add_error(f"{prefix}-last_name", _("Il faut le prénom et le nom."))
        return cleaned

    def named(self) -> Iterator[dict[str, Any]]:
        """What `save_contact` takes, of those whose lines changed."""
        for prefix, role, school in self.people:
            names = [f"{prefix}-{name}" for name in ("first_name", "last_name", "email")]
            first, last, email = (self.cleaned_data.get(name, "") for name in names)
            if last and set(names) & set(self.changed_data):
                yield {"role": role, "school": school, "first_name": first, "last_name": last, "email": email}

    def groups(self) -> list[dict[str, Any]]:
        """For the page: a heading and its fields."""
        titles = {"mayor": _("Maire"), "delegate": _("Qui représente la mairie")}
        found = [{"title": _("La mairie"), "fields": [self["official"], self["source"]], "school": None}]
        for prefix, _role, school in self.people:
            fields = [self[f"{prefix}-{name}"] for name in ("first_name", "last_name", "email")]
            found.append({"title": titles.get(prefix) or str(school), "fields": fields, "school": school})
        return found


class MandateForm(forms.Form):
    answered_by = forms.CharField(label=gettext_lazy("Votre nom et votre fonction"), max_length=120)


class TaskForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("À faire"), max_length=160)
    due_on = forms.DateField(label=gettext_lazy("Avant le"), widget=DayInput())
    assignee: Any = forms.ModelChoiceField(label=gettext_lazy("Confiée à"), queryset=None, empty_label=None)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial={"assignee": case.owner_id})
        field: Any = self.fields["assignee"]
        field.queryset = officers()


class NoteForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    is_pinned = forms.BooleanField(label=gettext_lazy("Garder en vue"), required=False)


class FileForm(forms.Form):
    upload = forms.FileField(
        label=gettext_lazy("Fichier"),
        help_text=gettext_lazy("PDF ou photo : extrait du registre, courrier…"),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/*"}),
    )


# --- waves


class WaveFilterForm(forms.Form):
    """Which communes are proposed."""

    STATES = (("", gettext_lazy("Tous")), ("aucun", gettext_lazy("Pas de dossier")))

    departement = forms.ChoiceField(
        label=gettext_lazy("Département"),
        choices=[("", gettext_lazy("Tous")), *Department.choices],
        required=False,
    )
    circonscription = forms.ModelChoiceField(
        label=gettext_lazy("Circonscription"),
        queryset=District.objects.current(),
        to_field_name="uai",
        required=False,
        empty_label=gettext_lazy("Toutes"),
    )
    etat = forms.ChoiceField(label=gettext_lazy("État du dossier"), required=False)
    ecoles = forms.IntegerField(label=gettext_lazy("Écoles publiques, au moins"), required=False, min_value=1)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["etat"]
        field.choices = [*self.STATES, *((value, label.capitalize()) for value, label in Case.State.choices)]

    def communes(self, user: Any) -> Any:
        from django.db.models import Count

        rows = RefCommune.objects.current().visible_to(user).with_public_school().select_related("case")
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("departement"):
            rows = rows.of_department(asked["departement"])
        if asked.get("circonscription"):
            schools = RefSchool.objects.current().public().filter(district=asked["circonscription"])
            rows = rows.filter(insee__in=schools.values("commune_id"))
        if asked.get("etat"):
            rows = rows.filter(case=None) if asked["etat"] == "aucun" else rows.filter(case__state=asked["etat"])
        if asked.get("ecoles"):
            public = Q(schools__sector="public", schools__removed_on=None)
            rows = rows.annotate(publics=Count("schools", filter=public)).filter(publics__gte=asked["ecoles"])
        return rows.order_by("sort_name", "insee")


class WaveForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nom de la vague"), max_length=80)


class WaveActForm(forms.Form):
    """Only the fields that the act asks for."""

    owner: Any = forms.ModelChoiceField(label=gettext_lazy("Suivi par"), queryset=None, empty_label=None)
    on = PastDayField(label=gettext_lazy("Le"))
    title = forms.CharField(label=gettext_lazy("Précision"), max_length=160)
    due_on = forms.DateField(label=gettext_lazy("Avant le"), widget=DayInput())
    signer_name = forms.CharField(label=gettext_lazy("Nom du signataire"), max_length=120)
    signer_quality = forms.CharField(
        label=gettext_lazy("En qualité de"), max_length=120, initial=gettext_lazy("recteur de l’académie")
    )
    place = forms.CharField(label=gettext_lazy("Fait à"), max_length=60, initial="Montpellier")
    signed_on = PastDayField(label=gettext_lazy("Signées le"))
    has_read = forms.BooleanField(
        label=gettext_lazy("J’ai lu ces documents et je les signe"),
        error_messages={"required": gettext_lazy("Cochez cette case pour signer.")},
    )

    def __init__(self, data: Any = None, *, asks: tuple[str, ...], prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        field: Any = self.fields["owner"]
        field.queryset = officers()
        _keep_only(self, asks)

    def params(self) -> dict[str, str]:
        """As JSON keeps them."""
        return {name: str(value.pk if hasattr(value, "pk") else value) for name, value in self.cleaned_data.items()}


def _keep_only(form: forms.Form, names: tuple[str, ...]) -> None:
    for name in list(form.fields):
        if name not in names:
            del form.fields[name]


class WaveLineForm(forms.Form):
    """What one commune has of its own. A line where nothing was typed is left aside; a scan makes it count."""

    is_taken = forms.BooleanField(label=gettext_lazy("À enregistrer"), required=False, initial=True)
    number = forms.CharField(label=gettext_lazy("Numéro de la délibération"), max_length=40)
    on = PastDayField(label=gettext_lazy("Conseil municipal du"))
    signer_name = forms.CharField(label=gettext_lazy("Nom du signataire"), max_length=120)
    signer_quality = forms.CharField(label=gettext_lazy("En qualité de"), max_length=120)
    signed_on = PastDayField(label=gettext_lazy("Signée le"))

    def __init__(self, data: Any = None, *, case: Case, asks: tuple[str, ...], scan: Any = None) -> None:
        mayor = SignatureForm.proposed(case, ConventionSignature.Side.COMMUNE)
        initial = {**mayor, "on": None, "signed_on": None}
        super().__init__(
            data, prefix=case.insee, initial=initial, empty_permitted=scan is None, use_required_attribute=False
        )
        self.case, self.scan = case, scan
        _keep_only(self, asks)

    @property
    def is_filled(self) -> bool:
        if "is_taken" in self.fields:
            return bool(self["is_taken"].value())
        return self.has_changed() or self.scan is not None

    def params(self) -> dict[str, Any]:
        own = {name: str(value) for name, value in self.cleaned_data.items() if name != "is_taken"}
        return own | {"scan": self.scan}


class ScansForm(forms.Form):
    scans = FilesField(
        label=gettext_lazy("Exemplaires numérisés"),
        required=False,
        help_text=gettext_lazy(
            "Plusieurs fichiers (PDF ou photo) ou un ZIP. Le nom de chacun commence par le code INSEE : 11262.pdf"
        ),
        widget=ManyFiles(attrs={"accept": ".pdf,.zip,image/*"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, insees: list[str]) -> None:
        super().__init__(data, files)
        self.insees = insees

    def clean_scans(self) -> dict[str, Any]:
        try:
            found = by_commune(self.cleaned_data["scans"], self.insees)
            for scan in found.values():
                check(scan, kinds={PDF, *PICTURES})
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return found


class LinesOfWave:
    """The page of an act by line: what is the same for all, a line for each commune that waits, the scans."""

    def __init__(self, request: Any, wave: Any, kind: Any) -> None:
        self.is_bound = request.method == "POST"
        data, files = (request.POST, request.FILES) if self.is_bound else (None, None)
        rows = Case.objects.filter(commune__waves=wave, state=kind.waits_in).with_convention()
        found = rows.order_by("commune__sort_name", "commune")
        cases = [c for c in found if c.convention is None or not c.convention.is_electronic]  # signed on one paper
        self.is_ticked = "is_taken" in kind.asks_each
        self.form = WaveActForm(data, asks=kind.asks, prefix=kind.code)
        self.scans = ScansForm(data, files, insees=[case.insee for case in cases])
        given = self.scans.cleaned_data.get("scans", {}) if self.is_bound and self.scans.is_valid() else {}
        self.lines = [WaveLineForm(data, case=case, asks=kind.asks_each, scan=given.get(case.insee)) for case in cases]

    def is_valid(self) -> bool:
        """All are read, so that every error is shown at once."""
        return all([self.form.is_valid(), self.scans.is_valid(), *(line.is_valid() for line in self.lines)])

    @property
    def has_errors(self) -> bool:
        return self.is_bound and bool(self.form.errors or self.scans.errors or any(f.errors for f in self.lines))

    def params(self) -> dict[str, dict[str, Any]]:
        return {line.case.insee: line.params() for line in self.lines if line.is_filled}


class ListForm(forms.Form):
    upload = forms.FileField(
        label=gettext_lazy("Liste de communes"),
        help_text=gettext_lazy("CSV ou XLSX, une commune par ligne : code INSEE, ou nom et département."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nom de la vague"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Si ces communes doivent avancer ensemble."),
    )
