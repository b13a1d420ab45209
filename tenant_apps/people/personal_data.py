"""What the directory and the foundations below it hold about one person, for « mes données »."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q

from shared_apps.audit.models import Entry
from shared_apps.files.models import StoredFile
from shared_apps.notifications.models import Notification
from shared_apps.signatures.models import Slot
from tenant_apps.people.models import (
    Enrollment,
    Guardianship,
    Person,
    PickupPerson,
    Pupil,
    PupilGroupLeader,
    PupilGroupMember,
    PupilSupport,
    StaffAssignment,
)

Rows = list[dict[str, Any]]
PERSON = (
    "civility", "first_name", "birth_name", "usage_name", "sex", "birth_date",
    "email", "phone", "address", "postal_code", "city", "created_at",
)  # fmt: skip
# The INE is said to whom it names: it is theirs (RGPD, art. 15), though no other page shows it.
PUPIL = ("ine", "has_pai", "has_photo_consent", "has_insurance", "withdrawn_on")
ACCOUNT = ("identifier", "email", "created_at", "activated_at")
LINK = (
    "kinship", "has_parental_authority", "is_home", "is_payer", "may_collect", "contact_order",
    "ended_on", "created_at",
)  # fmt: skip


def directory(person_id: Any) -> dict[str, Rows]:
    """Other people appear as little as can be: the child's name for its guardian, not the other guardian's address."""
    person = Person.objects.select_related("account").get(pk=person_id)
    return {
        "personne": [_row(person, PERSON)],
        "compte": [_row(person.account, ACCOUNT)] if person.account else [],
        "eleve": [_row(pupil, PUPIL) for pupil in Pupil.objects.filter(person=person)],
        "inscriptions": _enrollments(person),
        "responsabilites": _charges(person),
        "groupes": _groups(person),
        "accompagnements": _supports(person),
        "fonctions": _functions(person),
        "personnes_autorisees": _pickups(person),
    }


def foundations(person_id: Any) -> dict[str, Rows]:
    account = Person.objects.values_list("account", flat=True).get(pk=person_id)
    if account is None:
        return {}
    notices = Notification.objects.filter(user=account).order_by("created_at", "pk")
    files = StoredFile.objects.filter(owner=account).order_by("created_at", "pk")
    acts = Entry.objects.filter(actor_id=account).order_by("sequence")
    slots = Slot.objects.filter(signer_id=person_id).order_by("created_at", "pk")
    return {
        "signatures": _rows(slots, ("read_at", "signed_at", "answer", "comment", "is_paper", "reminded_at")),
        "notifications": _rows(notices, ("title", "created_at", "read_at")),
        "fichiers_deposes": _rows(files, ("name", "size", "created_at")),
        "journal_de_mes_actions": _rows(acts, ("at", "action")),
    }


def _enrollments(person: Person) -> Rows:
    rows = Enrollment.objects.filter(pupil__person=person).select_related("school_class__school", "school_class__year")
    return [
        {"ecole": str(row.school_class.school), "classe": row.school_class.label, "annee": str(row.school_class.year)}
        | _row(row, ("grade", "unit", "starts_on", "ends_on"))
        for row in rows
    ]


def _groups(person: Person) -> Rows:
    """Those where the child was, those of which the adult was in charge."""
    rows = [
        *PupilGroupMember.objects.filter(pupil__person=person).select_related("group__school", "group__year"),
        *PupilGroupLeader.objects.filter(person=person).select_related("group__school", "group__year"),
    ]
    return [
        {"groupe": row.group.name, "ecole": str(row.group.school), "annee": str(row.group.year)}
        | _row(row, ("starts_on", "ends_on"))
        for row in rows
    ]


def _supports(person: Person) -> Rows:
    """As a child, that somebody came; as an AESH, the days, and of nobody's child."""
    rows = PupilSupport.objects.filter(Q(pupil__person=person) | Q(person=person))
    return _rows(rows, ("starts_on", "ends_on"))


def _charges(person: Person) -> Rows:
    """As an adult, each child; as a child, only that such a link exists, and of what kind."""
    mine = Guardianship.objects.filter(guardian=person).select_related("pupil__person")
    rows = [{"enfant": link.pupil.person.full_name} | _row(link, LINK) for link in mine]
    return rows + [_row(link, LINK) for link in Guardianship.objects.filter(pupil__person=person)]


def _functions(person: Person) -> Rows:
    rows = StaffAssignment.objects.filter(person=person).select_related("school", "school_class", "service")
    return [
        {
            "fonction": row.get_role_display(),
            "ecole": str(row.school or ""),
            "classe": str(row.school_class or ""),
            "service": str(row.service or ""),
        }
        | _row(row, ("weekdays", "starts_on", "ends_on"))
        for row in rows
    ]


def _pickups(person: Person) -> Rows:
    rows = PickupPerson.objects.filter(pupil__person=person) | PickupPerson.objects.filter(
        added_by__isnull=False, added_by=person.account_id
    )
    return _rows(rows.distinct(), ("name", "relation", "phone", "starts_on", "ends_on"))


def _rows(objects: Iterable[Model], names: Iterable[str]) -> Rows:
    names = tuple(names)
    return [_row(one, names) for one in objects]


def _row(one: Any, names: Iterable[str]) -> dict[str, Any]:
    """Columns under their French names, choices in words."""
    found = {}
    for name in names:
        field = one._meta.get_field(name)
        value = getattr(one, f"get_{name}_display")() if field.choices else getattr(one, name)
        found[str(field.verbose_name)] = value
    return found
