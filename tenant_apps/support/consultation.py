"""What an access lets the assistance read, and nothing beside: how accounts, functions and classes stand.

Of a school: its classes, the names and accounts of its people. Of the town: its services and its agents. Of the
request for which it was asked: the files joined to it. No birth date, no address, no telephone, no authority, no PAI,
no message.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shared_apps.files.models import StoredFile
from tenant_apps.people.models import Enrollment, Guardianship, StaffAssignment
from tenant_apps.schools.models import SchoolClass
from tenant_apps.support.models import PURPOSE, SupportAccess, TicketMessage

MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    role: str
    account: str  # a word on how the account stands
    tone: str
    where: str = ""


def classes_of(access: SupportAccess) -> Any:
    """None under an access to the town's services."""
    rows = SchoolClass.objects.current()
    rows = rows.filter(school=access.school_id) if access.school_id else rows.none()
    return rows.with_pupil_count().by_grade()


def files_of(access: SupportAccess) -> Any:
    """What was joined to the request for which the access was asked: nothing of another one."""
    messages = TicketMessage.objects.opened_to(access.account).filter(ticket=access.ticket_id)
    return StoredFile.objects.readable().filter(purpose=PURPOSE, object_id__in=messages.values("pk"))


def staff_of(access: SupportAccess) -> list[Line]:
    """The school's; or the town's agents, and the town's alone."""
    mine = {"school": access.school_id} if access.school_id else {"role__in": StaffAssignment.MUNICIPAL}
    rows = StaffAssignment.objects.on().filter(**mine)
    rows = rows.select_related("person__account", "school", "school_class", "service")
    return [
        _line(row.person, row.get_role_display(), where=_where(row, access)) for row in rows.order_by(*ORDER)[:MOST]
    ]


ORDER = ("person__sort_name", "pk")


def _where(row: StaffAssignment, access: SupportAccess) -> str:
    place = row.school_class if access.school_id else row.service or row.school
    return str(place or "")


def pupils_of(school_class: SchoolClass) -> list[Line]:
    rows = Enrollment.objects.on().filter(school_class=school_class).select_related("pupil__person__account")
    return [_line(row.pupil.person, row.grade) for row in rows.order_by("pupil__person__sort_name", "pk")[:MOST]]


def guardians_of(school_class: SchoolClass) -> list[Line]:
    links = Guardianship.objects.current().of_classes([school_class.pk]).select_related("guardian__account")
    seen: dict[Any, Line] = {}
    for link in links.order_by("guardian__sort_name", "pk")[:MOST]:
        seen.setdefault(link.guardian_id, _line(link.guardian, _("responsable")))
    return list(seen.values())


def _line(person: Any, role: Any, where: str = "") -> Line:
    account = person.account
    if account is None:
        return Line(person.full_name, str(role), _("pas de compte"), "neutral", where)
    if not account.is_active:
        return Line(person.full_name, str(role), _("compte fermé"), "urgent", where)
    if account.is_activated:
        return Line(person.full_name, str(role), _("activé"), "ok", where)
    words = _("code en cours") if account.has_live_code else _("code périmé")
    return Line(person.full_name, str(role), words, "warn", where)
