"""Where a person may publish, and which accounts a post reaches."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tenant_apps.news.models import Post, Reach, Reader
from tenant_apps.news.querysets import serves_the_town
from tenant_apps.people.models import Guardianship, StaffAssignment
from tenant_apps.people.roles import IN_THEIR_CLASSES, MUNICIPAL, Role
from tenant_apps.schools.models import School, SchoolClass


class Place(NamedTuple):
    school: Any  # ids
    school_class: Any = None

    @property
    def key(self) -> str:
        return str(self.school_class or self.school)


def whole_schools(user: Any) -> dict[str, tuple[Place, str]]:
    """The town's choice of schools for its service, and nothing smaller: their names suffice; a head's own."""
    if serves_the_town(user):
        return {str(one.pk): (Place(one.pk), str(one)) for one in School.objects.open()}
    words = _("Toute l’école : %(name)s")
    return {str(one.pk): (Place(one.pk), words % {"name": one}) for one in School.objects.headed_by(user)}


def places(user: Any) -> dict[str, tuple[Place, str]]:
    """Key → place and words: whole schools, then the classes one heads or teaches."""
    found = whole_schools(user)
    for one in SchoolClass.objects.families_open_to(user).select_related("school"):
        place = Place(one.school_id, one.pk)
        found[place.key] = (place, f"{one.label} · {one.school}")
    return found


class Told(NamedTuple):
    """An account, and its children whom the post concerns: id and first name, the eldest first."""

    account: Any
    children: list[tuple[Any, str]]


def told(post: Post) -> list[Told]:
    """The adults whom it reaches now: one line each, whatever their ties. A pupil is told by its own page."""
    children: dict[Any, list[tuple[Any, str]]] = defaultdict(list)
    accounts: dict[Any, Any] = {}
    for reach in post.reaches.filter(state=Reach.State.OPEN):
        for link in _guardians(post, reach):
            accounts[link.guardian.account_id] = link.guardian.account
            children[link.guardian.account_id].append((link.pupil_id, link.pupil.person.first_name))
        for one in _staff(post, reach):
            accounts[one.person.account_id] = one.person.account
    accounts.pop(post.author_id, None)
    return [Told(account, list(dict.fromkeys(children[pk]))) for pk, account in accounts.items()]


def _readers(post: Post) -> set[str]:
    return set(post.readers) & set(post.thread.readers if post.thread else post.readers)


def _guardians(post: Post, reach: Reach) -> Any:
    if Reader.GUARDIAN not in _readers(post):
        return []
    classes = [reach.school_class_id] if reach.school_class_id else SchoolClass.objects.filter(school=reach.school_id)
    links = Guardianship.objects.informed().of_classes(classes).filter(guardian__account__isnull=False)
    return links.select_related("guardian__account", "pupil__person").order_by("pupil__person__birth_date", "pk")


def _staff(post: Post, reach: Reach) -> Any:
    roles: set[str] = set()
    readers = _readers(post)
    if Reader.TEACHER in readers:
        roles |= IN_THEIR_CLASSES
    if Reader.HEAD in readers:
        roles |= {Role.HEAD}
    if Reader.MUNICIPAL in readers and not reach.school_class_id:
        roles |= MUNICIPAL
    rows = StaffAssignment.objects.on().filter(role__in=sorted(roles), person__account__isnull=False)
    rows = rows.filter(school=reach.school_id).select_related("person__account").order_by("pk")
    if reach.school_class_id:
        rows = rows.filter(school_class=reach.school_class_id) | rows.filter(role=Role.HEAD)
    return rows
