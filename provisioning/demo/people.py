"""Whom the front door offers: one person for each profile, found in the data and not in a list of names."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.tenancy import PUBLIC, in_public, in_schema
from shared_apps.accounts.models import StaffRole, User
from shared_apps.mobility.models import Posting
from tenant_apps.departures.models import Departure
from tenant_apps.people.models import Enrollment, Guardianship, Person, StaffAssignment
from tenant_apps.pupil_access.secrets_of import card_of
from tenants.models import Commune, Domain

YOUNG = ("CP",)
FEW_CHILDREN = 3


@dataclass(frozen=True, slots=True)
class DemoPerson:
    key: str
    label: str  # « une enseignante »
    name: str
    detail: str
    icon: str
    user_id: Any
    identifier: str
    path: str = ""  # a page where one comes in by oneself; else one is inside at once


@dataclass(frozen=True, slots=True)
class DemoCommune:
    name: str
    schema: str
    url: str
    people: list[DemoPerson]


def communes() -> list[DemoCommune]:
    with in_public():
        rows = Domain.objects.filter(is_primary=True, tenant__in=Commune.objects.reachable()).select_related("tenant")
        found = [
            (d.tenant.name, d.tenant.schema_name, d.get_absolute_url()) for d in rows.order_by("tenant__opened_at")
        ]
    return [DemoCommune(name, schema, url, of_commune(schema)) for name, schema, url in found]


def of_commune(schema: str) -> list[DemoPerson]:
    with in_schema(schema):
        candidates = [_head(), _teacher(), _guardian(), _reader(), _non_reader(), _municipal(), _leaving()]
        candidates += [_agent(), _two_roles(), _young_teacher(), _card()]
        candidates += [_nursery_head(), _nursery_teacher(), _nursery_guardian()]
    return [person for person in candidates if person is not None]


def academy() -> list[DemoPerson]:
    with in_schema(PUBLIC):
        roles = StaffRole.objects.filter(user__is_active=True).select_related("user").order_by("created_at")
        first: dict[str, StaffRole] = {}
        for role in roles:
            first.setdefault(role.role, role)
        found = [
            _make(f"role-{name}", role.get_role_display(), role.user, _("académie"), "bank")
            for name, role in first.items()
        ]
        return found + _moving()


def _moving() -> list[DemoPerson]:
    """Who works today in most communes."""
    rows = Posting.objects.on().filter(staff__user__is_active=True).order_by()
    best = rows.values("staff").annotate(n=Count("commune", distinct=True)).order_by("-n", "staff").first()
    if best is None:
        return []
    mine = rows.filter(staff=best["staff"]).select_related("commune", "staff__user").order_by("commune__name", "pk")
    towns = list(dict.fromkeys(row.commune.name for row in mine))
    label = _("un personnel itinérant")
    return [
        _make("moving", label, mine[0].staff.user, f"{mine[0].get_role_display()}, {_(' et ').join(towns)}", "bank")
    ]


def find(schema: str, key: str) -> DemoPerson | None:
    offered = academy() if schema == PUBLIC else of_commune(schema) if _is_open(schema) else []
    return next((person for person in offered if person.key == key), None)


def _is_open(schema: str) -> bool:
    with in_public():
        return Commune.objects.reachable().filter(schema_name=schema).exists()


def _head() -> DemoPerson | None:
    return _staff("head", _("une direction d’école"), "buildings", Q(role="head"))


def _nursery_head() -> DemoPerson | None:
    """Who validates notebooks."""
    return _staff("nursery-head", _("une direction de maternelle"), "buildings", Q(role="head", school__kind="nursery"))


def _teacher() -> DemoPerson | None:
    return _staff("teacher", _("une enseignante"), "chalkboard-teacher", Q(role="teacher"))


def _municipal() -> DemoPerson | None:
    return _staff("municipal", _("la mairie"), "bank", Q(role="school_service"))


def _agent() -> DemoPerson | None:
    return _staff("agent", _("la cantine"), "fork-knife", Q(role="canteen_agent"))


def _two_roles() -> DemoPerson | None:
    """Who works at a school and has a child in another: one account, two faces."""
    parents = Guardianship.objects.informed().filter(guardian__account__is_active=True).values("guardian")
    return _staff("two-roles", _("une mère qui travaille aussi à l’école"), "user-switch", Q(person__in=parents))


def _staff(key: str, label: str, icon: str, which: Q) -> DemoPerson | None:
    """The one whose classes have most pupils, so that the pages have something to show."""
    rows = StaffAssignment.objects.on().filter(which, person__account__is_active=True)
    rows = rows.annotate(pupils=Count("school_class__enrollments") + Count("school__classes__enrollments"))
    found = rows.select_related("person__account", "school", "school_class").order_by("-pupils", "id").first()
    if found is None:
        return None
    detail = ", ".join(str(x) for x in (found.school_class, found.school) if x) or found.get_role_display()
    return _make(key, label, found.person.account, detail, icon)


def shown_guardian() -> Person | None:
    """A parent of two or three children where there is one, with an activated account where there is one.

    Of the school that was filled first, and the same at each run: ids of the same millisecond have no order.
    """
    charge = Guardianship.objects.informed().filter(guardian__account__is_active=True)
    activated = charge.filter(guardian__account__activated_at__isnull=False)
    charge = activated if activated.exists() else charge
    found = charge.order_by().values("guardian").annotate(n=Count("pupil"))
    few = found.filter(n__lte=FEW_CHILDREN)
    found = few if few.exists() else found
    first = found.order_by("-n", "guardian").first()
    if first is None:
        return None
    as_many = found.filter(n=first["n"]).values("guardian")
    place = Enrollment.objects.filter(pupil__guardianships__guardian=first["guardian"]).order_by("pk")
    school = place.values("school_class__school")[:1]
    there = Person.objects.filter(guardianships__pupil__enrollments__school_class__school__in=school)
    return there.filter(pk__in=as_many).select_related("account").order_by("sort_name", "pk").first()


def _guardian() -> DemoPerson | None:
    person = shown_guardian()
    if person is None:
        return None
    charge = Guardianship.objects.informed().filter(guardian=person)
    children = charge.values_list("pupil__person__first_name", flat=True)
    return _make("guardian", _("un parent"), person.account, get_text_list(list(children), _("et")), "users-three")


def _leaving() -> DemoPerson | None:
    """Who has no right left: the page of departures is the only one that opens."""
    rows = Departure.objects.filter(kind=Departure.Kind.GUARDIAN, person__account__activated_at__isnull=False)
    found = rows.select_related("person__account").order_by("since", "pk").first()
    if found is None or found.person.account is None:
        return None
    return _make("leaving", _("une famille qui est partie"), found.person.account, _("plus d’enfant ici"), "sign-out")


def _reader() -> DemoPerson | None:
    return _pupil("reader", _("un élève qui lit"), ("CM2", "CM1", "CE2", "CE1"))


def _non_reader() -> DemoPerson | None:
    return _pupil("non-reader", _("un élève qui ne lit pas encore"), ("PS", "MS", "GS", "CP"))


def _young_teacher() -> DemoPerson | None:
    """Who opens a class: its pupils come in by pictures or by card."""
    young = Enrollment.objects.on().filter(grade__in=YOUNG).values("school_class")
    rows = StaffAssignment.objects.on().teaching().filter(school_class__in=young, person__account__is_active=True)
    found = rows.select_related("person__account", "school_class").order_by("school_class__label", "id").first()
    if found is None:
        return None
    person = found.person
    return _make(
        "young-teacher", _("un enseignant de CP"), person.account, str(found.school_class), "chalkboard-teacher"
    )


def _nursery_teacher() -> DemoPerson | None:
    """Who notes what the youngest succeed in: the class of the shown family where there is one."""
    rows = StaffAssignment.objects.on().teaching().filter(person__account__is_active=True)
    rows = rows.filter(school_class__in=_of_the_oldest().values("school_class"))
    found = rows.select_related("person__account", "school_class").order_by("id").first()
    if found is None:
        return None
    label, detail = _("une enseignante de maternelle"), str(found.school_class)
    return _make("nursery-teacher", label, found.person.account, detail, "star")


def nursery_guardian() -> Person | None:
    """A parent, with an activated account, of a child in the last year of nursery school."""
    links = Guardianship.objects.informed().filter(pupil__in=_of_the_oldest().values("pupil"))
    links = links.filter(guardian__account__is_active=True, guardian__account__activated_at__isnull=False)
    found = links.select_related("guardian__account").order_by("pupil__person__sort_name", "pk").first()
    return found.guardian if found else None


def _of_the_oldest() -> QuerySet:
    return Enrollment.objects.on().filter(grade="GS")


def _nursery_guardian() -> DemoPerson | None:
    person = nursery_guardian()
    if person is None:
        return None
    label = _("un parent de maternelle")
    return _make("nursery-guardian", label, person.account, _("grande section"), "users-three")


def _card() -> DemoPerson | None:
    """A child with a card, as the tablet reads it: the last one of the class, who is not inside yet."""
    rows = Enrollment.objects.on().filter(grade__in=YOUNG, pupil__key__isnull=False, pupil__key__help_asked_at=None)
    rows = rows.select_related("pupil__key", "pupil__person__account", "school_class")
    found = rows.order_by("school_class__label", "-pupil__key__pk").first()
    if found is None or found.pupil.person.account is None:
        return None
    made = _make("card", _("un élève, avec sa carte"), found.pupil.person.account, str(found.school_class), "qr-code")
    return replace(
        made, path=reverse("pupil_access:card", args=[card_of(found.pupil.key)], urlconf=settings.ROOT_URLCONF)
    )


def _pupil(key: str, label: str, grades: tuple[str, ...]) -> DemoPerson | None:
    rows: QuerySet = Enrollment.objects.on().filter(pupil__person__account__is_active=True, grade__in=grades)
    found = rows.select_related("pupil__person__account", "school_class").order_by("-grade", "id").first()
    return _make(key, label, found.pupil.person.account, str(found.school_class), "backpack") if found else None


def _make(key: str, label: str, user: User, detail: str, icon: str) -> DemoPerson:
    return DemoPerson(key, label, user.get_full_name(), detail, icon, user.pk, user.identifier)
