"""A child comes in, forgets, goes out. Failures are results and not exceptions: what they count must be kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.notifications.services import Notice, notify_all
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.pupil_access import secrets_of
from tenant_apps.pupil_access.models import ClassDoor, PupilKey, Way
from tenant_apps.pupil_access.services.doors import count_failure, count_of_pictures
from tenant_apps.pupil_access.services.keys import activate, ensure_keys, is_only_a_pupil

FAILURES_PER_OPENING = 60  # wrong pictures of a whole class: after that, the teacher opens it again


class Refusal(Enum):
    UNKNOWN = "unknown"  # no such card, picture or pupil here
    CLOSED = "closed"  # the class is not open
    WRONG = "wrong"  # not these pictures: try again
    BLOCKED = "blocked"  # five times: an adult must look


@dataclass(frozen=True, slots=True)
class Entry:
    """Who came in, or why nobody did."""

    user: User | None = None
    key: PupilKey | None = None
    refusal: Refusal | None = None


def whose_card(code: str) -> Entry:
    """Whom a card would let in now. A card that was replaced, or of a pupil who left, is unknown."""
    keys = PupilKey.objects.usable().filter(card_digest=secrets_of.digest_of("card", code))
    key = keys.select_related("pupil__person__account").first()
    if key is None or not is_only_a_pupil(key.pupil.person.account):
        return Entry(refusal=Refusal.UNKNOWN)
    doors = ClassDoor.objects.open().filter(school_class__in=_classes_of(key))
    if not doors.exists():
        return Entry(key=key, refusal=Refusal.CLOSED)
    return Entry(user=key.pupil.person.account, key=key)


@transaction.atomic
def enter_by_card(*, code: str) -> Entry:
    found = whose_card(code)
    return _let_in(found.key, Way.CARD) if found.key is not None and found.refusal is None else found


@transaction.atomic
def enter_by_pictures(*, door: ClassDoor, pupil_pk: Any, pictures: Sequence[str]) -> Entry:
    """On a device that was shown this opening. The key is locked: a hundred tries at once are not a hundred."""
    keys = PupilKey.objects.usable().in_class(door.school_class_id).filter(pupil=pupil_pk)
    key = keys.select_for_update(of=("self",)).select_related("pupil__person__account").first()
    if key is None or not is_only_a_pupil(key.pupil.person.account):
        return Entry(refusal=Refusal.UNKNOWN)
    if not ClassDoor.objects.open().filter(pk=door.pk, opening=door.opening).exists():
        return Entry(key=key, refusal=Refusal.CLOSED)
    if key.is_blocked or door.failures >= FAILURES_PER_OPENING:
        return Entry(key=key, refusal=Refusal.BLOCKED)
    count = count_of_pictures(_grade_of(key))
    if not secrets_of.is_sequence(key, pictures, count):
        return _count_wrong(door, key)
    return _let_in(key, Way.PICTURES)


def _count_wrong(door: ClassDoor, key: PupilKey) -> Entry:
    key.failures += 1
    key.save(update_fields=["failures", "updated_at"])
    count_failure(door)
    if not key.is_blocked:
        return Entry(key=key, refusal=Refusal.WRONG)
    ask_for_help(key=key)
    return Entry(key=key, refusal=Refusal.BLOCKED)


def _let_in(key: PupilKey, way: Way) -> Entry:
    user = key.pupil.person.account
    key.entered_at, key.entered_by, key.left_at = timezone.now(), way, None
    key.failures, key.help_asked_at = 0, None
    key.save(update_fields=["entered_at", "entered_by", "left_at", "failures", "help_asked_at", "updated_at"])
    activate(user)
    record(actor=user, action="pupil_access.entered", obj=user, way=way)
    return Entry(user=user, key=key)


def leave(*, user: Any) -> None:
    """« C’est fini »."""
    PupilKey.objects.filter(pupil__person__account=user).update(left_at=timezone.now())


@transaction.atomic
def ask_for_help(*, key: PupilKey) -> None:
    """The teachers of the class see it on their home page, and are told once a day for a child."""
    is_new = key.help_asked_at is None
    key.help_asked_at = timezone.now()
    key.save(update_fields=["help_asked_at", "updated_at"])
    if is_new:
        record(actor=None, action="pupil_access.help_asked", obj=key.pupil)
        notify_all(_notices(key))


def ask_for_help_of(user: Any) -> bool:
    """A pupil who forgot its password asks its teacher. False for who is no pupil of a class."""
    enrollment = Enrollment.objects.on().filter(pupil__person__account=user).select_related("school_class").first()
    if enrollment is None:
        return False
    ensure_keys(enrollment.school_class)
    ask_for_help(key=PupilKey.objects.select_related("pupil__person").get(pupil=enrollment.pupil_id))
    return True


def _notices(key: PupilKey) -> list[Notice]:
    teaching = StaffAssignment.objects.on().teaching().filter(school_class__in=_classes_of(key))
    users = User.objects.active().filter(person__assignments__in=teaching).distinct()
    title = _("%(name)s n’arrive pas à entrer") % {"name": key.pupil.person.first_name}
    path = reverse("pupil_access:pupil", args=[key.pupil_id])
    today = timezone.localdate().isoformat()
    return [
        Notice(user, "pupil_access.help", title, path, f"pupil_access:{key.pk}:{today}:{user.pk}", [key.pupil_id])
        for user in users
    ]


def _classes_of(key: PupilKey) -> Any:
    return Enrollment.objects.on().filter(pupil=key.pupil_id).values("school_class")


def _grade_of(key: PupilKey) -> str:
    return Enrollment.objects.on().filter(pupil=key.pupil_id).values_list("grade", flat=True)[0]
