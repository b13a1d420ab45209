from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.text import sort_key
from tenant_apps.people.models import Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School

NEW = "new"


class StaffForm(forms.Form):
    """Someone joins the team. A person of the same name in the commune is shown first: one person, one account."""

    civility = forms.ChoiceField(label=lazy("Civilité"), choices=[("Mme", "Mme"), ("M.", "M.")])
    first_name = forms.CharField(label=lazy("Prénom"), max_length=100)
    last_name = forms.CharField(label=lazy("Nom"), max_length=100)
    email = forms.EmailField(label=lazy("Adresse électronique"), required=False, max_length=254)
    role = forms.ChoiceField(label=lazy("Fonction"))
    school_class = forms.ModelChoiceField(
        label=lazy("Classe"), queryset=None, required=False, empty_label=lazy("pas encore de classe")
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


def _told(person: Person) -> str:
    """« Claire Vidal, enseignant, Arago » : enough to recognise, nothing of the family."""
    functions = [a for a in person.assignments.all() if a.is_current]
    what = [f"{a.get_role_display()}, {a.school}" if a.school else a.get_role_display() for a in functions]
    return " · ".join([person.full_name, *(what or [_("parent d’élève")])])


class GuardianshipForm(forms.ModelForm):
    class Meta:
        model = Guardianship
        fields = ("kinship", "has_parental_authority", "is_home", "may_collect", "contact_order")
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
        for name in ("has_parental_authority", "is_home", "may_collect"):
            self.fields[name].label = self.fields[name].label[:1].upper() + self.fields[name].label[1:]
