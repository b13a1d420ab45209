"""What a person is in the commune, from their relations of the day: never a column that could go stale."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from core.frozen import Asked, frozen
from core.tenancy import is_public
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES, MOVING, MUNICIPAL, Role

COMPANION = "people"
ACADEMY = "academy"
INFORMED = "informed"  # a guardian to whom the school writes
# In this order when a person has several: work first.
PROFILES = ("head", "teacher", "moving", "municipal", "guardian", "pupil")
WORDS = {
    "head": _("Direction d’école"),
    "teacher": _("Enseignement"),
    "moving": _("Personnel de l’académie"),
    "municipal": _("Mairie"),
    "guardian": _("Parent"),
    "pupil": _("Élève"),
}
WORKING = frozenset({"head", "teacher", "moving", "municipal"})
_BY_ROLE = dict.fromkeys(IN_THEIR_CLASSES, "teacher") | dict.fromkeys(MUNICIPAL, "municipal") | {Role.HEAD: "head"}
_BY_ROLE |= dict.fromkeys(MOVING, "moving")
_PROFILE_OF = _BY_ROLE | {INFORMED: "guardian"}


@dataclass(frozen=True, slots=True)
class Standing:
    """The profiles of one person, and the schools where they work or learn under each."""

    profiles: tuple[str, ...] = ()
    schools: dict[str, list[str]] = field(default_factory=dict)  # profile -> names of schools
    uais: dict[str, str] = field(default_factory=dict)  # profile -> one school, where its visits are counted
    relations: frozenset[str] = frozenset()  # roles of staff; « informed » (a guardian with the authority), …

    def place(self, profile: str) -> str:
        """The school, when the profile has one and only one."""
        names = self.schools.get(profile, [])
        return names[0] if len(names) == 1 else ""


def profiles_of(user: Any) -> tuple[str, ...]:
    return standing_of(user).profiles


def standing_of(user: Any, came: list[Any] | None = None) -> Standing:
    """One query, a union of three; or none, of what `ask_standing` brought with the session."""
    schools: dict[str, list[str]] = {}
    uais: dict[str, str] = {}
    rows = {(what, name or "", uai or "") for what, name, uai in (_rows(user) if came is None else came)}
    for profile, name, uai in sorted((_PROFILE_OF.get(what, what), name, uai) for what, name, uai in rows):
        named = schools.setdefault(profile, [])
        if name and name not in named:
            named.append(name)
        if uai:
            uais.setdefault(profile, uai)
    profiles = tuple(profile for profile in PROFILES if profile in schools)
    return Standing(profiles, schools, uais, frozenset(what for what, _name, _uai in rows))


def ask_standing(account: UUID) -> Asked | None:
    """What comes along with a session (`registry.session_companions`)."""
    return None if is_public() else _rows.asked(account)


@frozen
def _rows(user: Any) -> QuerySet:
    staff = _named(StaffAssignment.objects.of(user).on(), F("role"), F("school__name"), F("school__uai"))
    charge = Guardianship.objects.current().of_lasting_enrollments().filter(guardian__account=user)
    childs = Enrollment.objects.on().filter(pupil=OuterRef("pupil")).order_by("starts_on", "pk")
    kind = Case(When(has_parental_authority=True, then=Value(INFORMED)), default=Value("guardian"))
    guardian = _named(charge, kind, Value(""), Subquery(childs.values("school_class__school__uai")[:1]))
    enrolled = Enrollment.objects.on().filter(pupil__person__account=user)
    pupil = _named(enrolled, Value("pupil"), F("school_class__school__name"), F("school_class__school__uai"))
    return staff.union(guardian, pupil)


def _named(rows: Any, what: Any, school: Any, uai: Any) -> Any:
    columns = {"what": what, "place": school, "code": uai}
    for name, value in columns.items():
        if isinstance(value, Value):
            columns[name] = Value(value.value, output_field=CharField())
    return rows.order_by().annotate(**columns).values_list("what", "place", "code")
