"""Staff of the académie who come for some days or some hours: opened, dated and closed as the academy says.

The head keeps a word: an end written here is never undone by the academy's next message.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import ExternalIdentity, User
from shared_apps.accounts.services import end_sessions
from shared_apps.audit.services import record
from shared_apps.notifications import uplink
from tenant_apps.links.models import PostedAssignment
from tenant_apps.people import services as people
from tenant_apps.people.models import Guardianship, Person, StaffAssignment
from tenant_apps.schools.models import School, SchoolClass

RELEASED = "mobility.released"
ACADEMY = ExternalIdentity.Provider.ACADEMY
ROLES = {
    "brigade": StaffAssignment.Role.SUBSTITUTE,
    "rased": StaffAssignment.Role.RASED,
    "psy_en": StaffAssignment.Role.PSY_EN,
    "erun": StaffAssignment.Role.ERUN,
    "ien": StaffAssignment.Role.IEN,
}


@transaction.atomic
def follow_postings(facts: dict[str, Any]) -> dict[str, set[Any]]:
    """Make the commune as the academy says of one person. The same facts again change nothing.

    Returns postings by code: `unknown` school, `conflict` with a function already held, `released` by the head here.
    """
    report: dict[str, set[Any]] = {"unknown": set(), "conflict": set(), "released": set()}
    person = _person(facts)
    if person is not None:
        for wanted in facts["postings"]:
            if code := _follow(person, wanted):
                report[code].add(wanted["id"])
        _close_others(person, {wanted["id"] for wanted in facts["postings"]})
        _settle(person, is_active=facts["is_active"])
    return report


def _person(facts: dict[str, Any]) -> Person | None:
    identity = ExternalIdentity.objects.filter(provider=ACADEMY, subject=facts["subject"]).select_related("user")
    if found := identity.first():
        return Person.objects.filter(account=found.user).first()
    return _welcome(facts) if facts["postings"] else None


def _welcome(facts: dict[str, Any]) -> Person:
    """A new account, that no code and no mail opens: its door is the academy's, both factors given. Never a person of
    the same name found here.
    """
    names = {name: facts[name] for name in ("first_name", "last_name", "email")}
    person = people.add_person(actor=None, **names)
    account: Any = person.account
    account.activated_at, account.code_digest, account.code_expires_at = timezone.now(), "", None
    account.email = ""  # a forgotten password comes by mail
    account.save(update_fields=["activated_at", "code_digest", "code_expires_at", "email", "updated_at"])
    ExternalIdentity.objects.create(user=account, provider=ACADEMY, subject=facts["subject"])
    record(actor=None, action="links.staff_welcomed", obj=person)
    return person


def _follow(person: Person, wanted: dict[str, Any]) -> str:
    """The code of what stands in the way; empty when the assignment is as wanted."""
    row = PostedAssignment.objects.select_related("assignment").filter(posting=wanted["id"]).first()
    if row is None:
        return _open(person, wanted)
    if row.is_ended_here:
        return "released"
    days = (wanted["starts_on"], wanted["ends_on"])
    if (row.assignment.starts_on, row.assignment.ends_on) != days:
        _write_days(row, *days)
    return ""


def _open(person: Person, wanted: dict[str, Any]) -> str:
    school = School.objects.open().filter(uai=wanted["uai"]).first()
    if school is None:
        return "unknown"
    days = {"starts_on": wanted["starts_on"], "ends_on": wanted["ends_on"]}
    try:
        with transaction.atomic():
            role = ROLES[wanted["role"]]
            assignment = people.assign_staff(actor=None, person=person, role=role, school=school, **days)
    except DomainError:
        return "conflict"
    PostedAssignment.objects.create(posting=wanted["id"], assignment=assignment, written_end=wanted["ends_on"])
    return ""


def _close_others(person: Person, kept: set[Any]) -> None:
    """What the academy no longer says ends today; what never began leaves no day."""
    today = timezone.localdate()
    rows = PostedAssignment.objects.filter(assignment__person=person).exclude(posting__in=kept)
    for row in rows.select_related("assignment"):
        starts_on, ends_on = row.assignment.starts_on, row.assignment.ends_on
        if ends_on is None or ends_on > today:
            _write_days(row, min(starts_on, today), today)


def _write_days(row: PostedAssignment, starts_on: Any, ends_on: Any) -> None:
    assignment = row.assignment
    assignment.starts_on, assignment.ends_on, row.written_end = starts_on, ends_on, ends_on
    assignment.save(update_fields=["starts_on", "ends_on", "updated_at"])
    row.save(update_fields=["written_end", "updated_at"])
    record(actor=None, action="links.posting_followed", obj=assignment)


def _settle(person: Person, *, is_active: bool) -> None:
    """Open while a posting lasts or comes; closed after the last, with its sessions, unless the person is more here."""
    account: Any = person.account
    wanted = _is_more_here(person) or (is_active and PostedAssignment.objects.ahead().of(person).exists())
    if account.is_active == wanted:
        return
    account.is_active = wanted
    account.save(update_fields=["is_active", "updated_at"])
    if not wanted:
        end_sessions(actor=None, user=account)


def _is_more_here(person: Person) -> bool:
    others = StaffAssignment.objects.on().filter(person=person, posted=None)
    return others.exists() or Guardianship.objects.current().filter(guardian=person).exists()


# --- entering


def posted_account(subject: str) -> User:
    """Whom the academy's letter opens here today. Raises DomainError."""
    identity = ExternalIdentity.objects.filter(provider=ACADEMY, subject=subject, user__is_active=True)
    found = identity.select_related("user").first()
    if found is None or not is_posted(found.user):
        raise DomainError(_("Aucune affectation n’est ouverte ici pour vous aujourd’hui."), code="not_posted")
    return found.user


def is_posted(user: User) -> bool:
    return PostedAssignment.objects.on().filter(assignment__person__account=user).exists()


# --- the head's word


@transaction.atomic
def release(*, actor: User, posted: PostedAssignment) -> None:
    """« N’intervient plus ici »: from now on, and the academy is told. Raises DomainError."""
    assignment = posted.assignment
    if not actor.has_perm("links.keep_posted", posted):
        raise PermissionDenied
    people.end_assignment(actor=None, assignment=assignment)
    facts = {"posting": posted.posting, "day": timezone.localdate()}
    uplink.send(RELEASED, key=f"{RELEASED}:{posted.posting}", data=facts)
    account: Any = assignment.person.account
    if not is_posted(account):
        end_sessions(actor=actor, user=account)
    record(actor=actor, action="links.posted_released", obj=assignment)


@transaction.atomic
def place(*, actor: User, posted: PostedAssignment, school_class: SchoolClass) -> None:
    """A substitute of the brigade gets the class of the days. The academy knows schools; classes are the head's."""
    if not actor.has_perm("links.keep_posted", posted):
        raise PermissionDenied
    assignment = StaffAssignment.objects.select_for_update().get(pk=posted.assignment_id)
    if assignment.role != StaffAssignment.Role.SUBSTITUTE or school_class.school_id != assignment.school_id:
        raise DomainError(_("Cette classe n’est pas de cette école."), code="class_elsewhere")
    assignment.school_class = school_class
    assignment.save(update_fields=["school_class", "updated_at"])
    record(actor=actor, action="links.posted_placed", obj=assignment)
