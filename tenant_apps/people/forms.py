from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import sort_key
from tenant_apps.people.models import (
    Enrollment,
    Guardianship,
    Person,
    PickupPerson,
    Pupil,
    PupilGroup,
    Service,
    StaffAssignment,
)
from tenant_apps.people.roles import Role
from tenant_apps.people.services.groups import leading_in
from tenant_apps.people.supports import assistants_of
from tenant_apps.schools.models import Grade, School, SchoolClass
from tenant_apps.schools.weeks import DAYS, HALF_DAYS, Week

NEW = "new"
KNOWN = [("unknown", lazy("non renseigné")), ("true", lazy("oui")), ("false", lazy("non"))]
IN_THE_WHOLE_COMMUNE = {Role.SCHOOL_SERVICE, Role.BILLING_OFFICER, Role.ELECTED}


class AdultForm(forms.Form):
    """Someone comes in. A person of the same name in the commune is shown first: one person, one account."""

    civility = forms.ChoiceField(label=lazy("Civilité"), choices=[("Mme", "Mme"), ("M.", "M.")])
    first_name = forms.CharField(label=lazy("Prénom"), max_length=100)
    last_name = forms.CharField(label=lazy("Nom"), max_length=100)
    email = forms.EmailField(label=lazy("Adresse électronique"), required=False, max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namesakes = self._namesakes() if self.is_bound else []
        if self.namesakes:
            self.fields["who"] = forms.ChoiceField(
                label=lazy("Est-ce la même personne ?"),
                choices=[*((str(p.pk), _told(p)) for p in self.namesakes), (NEW, _("C’est une autre personne"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Une personne de ce nom est déjà dans l’ENT. Est-ce la même ?")},
            )

    def _namesakes(self) -> list[Person]:
        """Adults of this very name, accents and hyphens apart."""
        key = sort_key(self.data.get("last_name", ""), self.data.get("first_name", ""))
        if not key:
            return []
        adults = Person.objects.filter(sort_name=key, pupil=None).prefetch_related("assignments__school")
        return list(adults.order_by("created_at")[:5])

    @property
    def same_person(self) -> Person | None:
        chosen = self.cleaned_data.get("who", NEW)
        return next((p for p in self.namesakes if str(p.pk) == chosen), None)

    @property
    def names(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("civility", "first_name", "last_name", "email")}


class StaffForm(AdultForm):
    """Someone joins the team of a school."""

    role = forms.ChoiceField(label=lazy("Fonction"))
    school_class = forms.ModelChoiceField(
        label=lazy("Classe"), queryset=None, required=False, empty_label=lazy("pas encore de classe")
    )
    weekdays = forms.MultipleChoiceField(
        label=lazy("Jours dans la classe"),
        choices=list(DAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("Pour une classe partagée. Rien de coché : toute la semaine."),
    )
    ends_on = forms.DateField(
        label=lazy("Jusqu’au"),
        required=False,
        help_text=lazy("Pour un remplacement : le premier jour où la classe n’est plus ouverte à cette personne."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = StaffAssignment.Role
        given = [role for role in roles if role in StaffAssignment.GIVEN_BY_THE_HEAD]
        self.fields["role"].choices = [(role.value, role.label.capitalize()) for role in given]
        self.fields["school_class"].queryset = school.classes.current()

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("role") == Role.SUBSTITUTE and not typed.get("ends_on"):
            self.add_error("ends_on", _("Un remplacement a une date de fin."))
        return typed


class AgentForm(AdultForm):
    """An agent of the town joins a service."""

    role = forms.ChoiceField(label=lazy("Fonction"))
    service = forms.ModelChoiceField(
        label=lazy("Service"), queryset=Service.objects.all(), required=False, empty_label=lazy("aucun service")
    )
    school = forms.ModelChoiceField(
        label=lazy("École"),
        queryset=School.objects.open(),
        required=False,
        empty_label=lazy("aucune école en particulier"),
        help_text=lazy("Cette personne y lira les noms et les classes, rien d’autre."),
    )
    ends_on = forms.DateField(label=lazy("Jusqu’au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [role for role in StaffAssignment.Role if role in StaffAssignment.MUNICIPAL]
        self.fields["role"].choices = [(role.value, role.label.capitalize()) for role in given]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("role") not in IN_THE_WHOLE_COMMUNE and not typed.get("school"):
            self.add_error("school", _("Dites dans quelle école."))
        if typed.get("role") == Role.SCHOOL_SERVICE:
            typed["school"] = None  # the service works for all
        return typed


class ServiceForm(forms.ModelForm):
    class Meta:
        model = Service
        fields = ("name", "kind")
        labels = {"name": lazy("Nom du service"), "kind": lazy("Type")}


def _told(person: Person) -> str:
    """« Claire Vidal, enseignant, Arago » : enough to recognise, nothing of the family."""
    functions = [a for a in person.assignments.all() if a.is_current]
    what = [f"{a.get_role_display()}, {a.school}" if a.school else a.get_role_display() for a in functions]
    return " · ".join([person.full_name, *(what or [_("parent d’élève")])])


class GuardianshipForm(forms.ModelForm):
    class Meta:
        model = Guardianship
        fields = ("kinship", "has_parental_authority", "is_home", "is_payer", "may_collect", "contact_order")
        help_texts = {
            "has_parental_authority": lazy(
                "Sans elle, cette personne ne reçoit plus rien de ce que l’école écrit, avec effet immédiat."
            ),
            "contact_order": lazy("1 : la première personne que l’école appelle."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_order"].min_value = 1
        self.fields["contact_order"].widget.attrs |= {"min": 1, "max": 9}
        for name in ("has_parental_authority", "is_home", "is_payer", "may_collect"):
            self.fields[name].label = self.fields[name].label[:1].upper() + self.fields[name].label[1:]


class GuardianForm(AdultForm):
    """An adult who answers for a child, typed by hand: ONDE is not the only way."""

    phone = forms.CharField(label=lazy("Téléphone"), max_length=20, required=False)
    address = forms.CharField(label=lazy("Adresse"), max_length=200, required=False)
    postal_code = forms.CharField(label=lazy("Code postal"), max_length=10, required=False)
    city = forms.CharField(label=lazy("Ville"), max_length=100, required=False)

    @property
    def names(self) -> dict[str, Any]:
        return super().names | {name: self.cleaned_data[name] for name in ("phone", "address", "postal_code", "city")}


class ContactForm(forms.ModelForm):
    civility = forms.ChoiceField(
        label=lazy("Civilité"), choices=[("", "—"), ("Mme", "Mme"), ("M.", "M.")], required=False
    )

    class Meta:
        model = Person
        fields = ("civility", "email", "phone", "address", "postal_code", "city")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _capital_labels(self)


class PlaceForm(forms.Form):
    """A class, a grade, and where else the child is taught. None is chosen before somebody did."""

    school_class = forms.ModelChoiceField(
        label=lazy("Classe"), queryset=SchoolClass.objects.none(), empty_label=lazy("Choisir")
    )
    grade = forms.ChoiceField(label=lazy("Niveau"), choices=[("", lazy("Choisir")), *Grade.choices])
    unit = forms.ChoiceField(
        label=lazy("Dispositif"),
        choices=[("", lazy("aucun")), *Enrollment.Unit.choices],
        required=False,
        help_text=lazy("L’élève y est aussi accueilli. Rien n’est dit du pourquoi."),
    )
    starts_on = forms.DateField(
        label=lazy("À partir du"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=lazy("Vide : aujourd’hui."),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = school.classes.current()


class PupilForm(forms.ModelForm):
    """The child's civil status and what the school holds on paper."""

    has_pai = forms.BooleanField(label=lazy("PAI : voir le document papier"), required=False)
    has_photo_consent = forms.NullBooleanField(
        label=lazy("Droit à l’image"), widget=forms.Select(choices=KNOWN), required=False
    )
    has_insurance = forms.NullBooleanField(
        label=lazy("Attestation d’assurance"), widget=forms.Select(choices=KNOWN), required=False
    )

    class Meta:
        model = Person
        fields = ("first_name", "birth_name", "usage_name", "sex", "birth_date")
        widgets = {"birth_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _capital_labels(self)
        self.fields["birth_date"].required = True


class PickupForm(forms.ModelForm):
    class Meta:
        model = PickupPerson
        fields = ("name", "relation", "phone", "ends_on")
        widgets = {"ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "relation": lazy("Par exemple : grand-mère, voisin."),
            "ends_on": lazy("Le premier jour où cette personne ne vient plus. Vide : jusqu’à nouvel ordre."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _capital_labels(self)


class PersonChoiceField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.formal_name


class GroupForm(forms.Form):
    """A group of pupils. The page shows the children class by class."""

    name = forms.CharField(
        label=lazy("Nom du groupe"), max_length=60, help_text=lazy("Par exemple : Anglais CM, Chorale.")
    )
    kind = forms.ChoiceField(label=lazy("Type"), choices=PupilGroup.Kind.choices, initial=PupilGroup.Kind.OTHER)
    leaders = PersonChoiceField(
        label=lazy("Qui s’en occupe"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pupils = forms.ModelMultipleChoiceField(
        label=lazy("Les enfants"),
        queryset=Pupil.objects.none(),
        error_messages={"required": lazy("Cochez au moins un enfant.")},
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaders"].queryset = leading_in(school)
        here = Enrollment.objects.on().filter(school_class__school=school)
        self.fields["pupils"].queryset = Pupil.objects.filter(pk__in=here.values("pupil"))


class ClassForm(forms.Form):
    label = forms.CharField(
        label=lazy("Nom de la classe"), max_length=100, help_text=lazy("Par exemple : CE1-CE2 Mme Vidal.")
    )


class WeekForm(forms.Form):
    """The half-days of school, with their times where they are known."""

    pattern = forms.ChoiceField(label=lazy("Semaine"), choices=School.WeekPattern.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, initial={"pattern": school.week_pattern}, **kwargs)
        for day in DAYS:
            for half in HALF_DAYS:
                times = school.week.get(day, {}).get(half)
                self._add(day, half, is_school=times is not None, times=times or ["", ""])

    def _add(self, day: str, half: str, *, is_school: bool, times: list[str]) -> None:
        words = f"{DAYS[day]} {HALF_DAYS[half]}"
        self.fields[f"{day}{half}"] = forms.BooleanField(label=words, required=False, initial=is_school)
        for edge, value in zip(("from", "to"), times, strict=True):
            label = _("%(when)s, de") if edge == "from" else _("%(when)s, à")
            self.fields[f"{day}{half}_{edge}"] = forms.TimeField(
                label=label % {"when": words},
                required=False,
                initial=value or None,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for day in DAYS:
            for half in HALF_DAYS:
                opens, closes = typed.get(f"{day}{half}_from"), typed.get(f"{day}{half}_to")
                if (opens is None) != (closes is None) or (opens is not None and opens >= closes):
                    self.add_error(f"{day}{half}_to", _("Donnez le début puis la fin, ou aucun des deux."))
        return typed

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: a day, then its two half-days with their three fields."""
        return [
            {
                "day": DAYS[day],
                "halves": [[self[f"{day}{half}{x}"] for x in ("", "_from", "_to")] for half in HALF_DAYS],
            }
            for day in DAYS
        ]

    @property
    def table(self) -> Week:
        typed, table = self.cleaned_data, {}
        for day in DAYS:
            halves = {half: self._times(day, half) for half in HALF_DAYS if typed[f"{day}{half}"]}
            if halves:
                table[day] = halves
        return table

    def _times(self, day: str, half: str) -> list[str]:
        times = [self.cleaned_data[f"{day}{half}_{edge}"] for edge in ("from", "to")]
        return [time.strftime("%H:%M") for time in times if time]


def _capital_labels(form: forms.BaseForm) -> None:
    """Names of columns are in lower case, labels are sentences."""
    for field in form.fields.values():
        label = str(field.label or "")
        field.label = label[:1].upper() + label[1:]


class SupportForm(forms.Form):
    """An AESH of the child's school."""

    person = forms.ModelChoiceField(
        label=lazy("AESH de l’école"), queryset=Person.objects.none(), empty_label=lazy("Choisir")
    )

    def __init__(self, *args: Any, pupil: Pupil, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = pupil.supports.on().values("person")
        schools = pupil.enrollments.on().values("school_class__school")
        self.fields["person"].queryset = assistants_of(schools).exclude(pk__in=held)
