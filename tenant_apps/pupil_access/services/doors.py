"""A teacher opens the class, and closes it; it closes by itself too."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts import services as accounts
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment
from tenant_apps.pupil_access import hours, secrets_of
from tenant_apps.pupil_access.models import ClassDoor, PupilKey, Way
from tenant_apps.pupil_access.services.keys import ensure_keys
from tenant_apps.schools.models import Grade, SchoolClass

CYCLE_ONE = 1


def door_of(school_class: SchoolClass) -> ClassDoor:
    """Its door; one not yet stored when nobody has used it."""
    found = ClassDoor.objects.filter(school_class=school_class).first()
    return found or ClassDoor(school_class=school_class)


def way_of(door: ClassDoor) -> Way:
    """What the teacher chose; else pictures as long as one pupil is not past CE1, a password after."""
    if door.way:
        return Way(door.way)
    grades = Enrollment.objects.on().filter(school_class=door.school_class_id).values_list("grade", flat=True)
    order = list(Grade)
    youngest = min((order.index(Grade(grade)) for grade in grades), default=len(order))
    return Way.PICTURES if youngest <= order.index(Grade.CE1) else Way.PASSWORD


def count_of_pictures(grade: str) -> int:
    """Three in cycle 1, four from CP on."""
    return 3 if Grade(grade).cycle == CYCLE_ONE else 4


@transaction.atomic
def choose_way(*, actor: Any, school_class: SchoolClass, way: str) -> ClassDoor:
    check(actor, "pupil_access.manage_class", school_class)
    if way not in Way.values:
        raise DomainError(_("Choisissez une façon d’entrer."), code="way")
    door = _locked(school_class)
    door.way = way
    if way == Way.PASSWORD and door.is_open:
        door.closes_at = timezone.now()
    door.save()
    record(actor=actor, action="pupil_access.way_chosen", obj=school_class, way=way)
    return door


@transaction.atomic
def open_class(*, actor: Any, school_class: SchoolClass, duration: str) -> ClassDoor:
    """A new opening: the code on the board changes, what was shown before opens nothing any more."""
    check(actor, "pupil_access.manage_class", school_class)
    door = _locked(school_class)
    if way_of(door) == Way.PASSWORD:
        raise DomainError(_("Cette classe entre par mot de passe : elle n’a pas besoin d’être ouverte."), code="way")
    now = timezone.now()
    door.opened_at, door.closes_at, door.opened_by = now, hours.closing_time(duration, now), actor
    door.opening, door.failures = door.opening + 1, 0
    door.code_digest = secrets_of.digest_of("board", secrets_of.board_code_of(door))
    door.save()
    ensure_keys(school_class)
    until = timezone.localtime(door.closes_at).strftime("%H:%M")
    record(actor=actor, action="pupil_access.opened", obj=school_class, until=until)
    return door


@transaction.atomic
def close_class(*, actor: Any, school_class: SchoolClass, signs_out: bool = False) -> int:
    """Nobody comes in any more; `signs_out` also ends the sessions of those inside. Returns how many were."""
    check(actor, "pupil_access.manage_class", school_class)
    door = _locked(school_class)
    inside = [key for key in _keys_of(school_class) if key.is_in_since(door.opened_at)] if signs_out else []
    if door.is_open:
        door.closes_at = timezone.now()
        door.save()
    for key in inside:
        if user := key.pupil.person.account:
            accounts.end_sessions(actor=actor, user=user)
    PupilKey.objects.filter(pk__in=[key.pk for key in inside]).update(left_at=timezone.now())
    record(actor=actor, action="pupil_access.closed", obj=school_class, signed_out=len(inside))
    return len(inside)


def door_by_code(code: str) -> ClassDoor | None:
    """The open door of a code read on the board; None when it opens nothing (any more)."""
    digest = secrets_of.digest_of("board", code)
    return ClassDoor.objects.open().filter(code_digest=digest).select_related("school_class__school").first()


def _keys_of(school_class: SchoolClass) -> list[PupilKey]:
    return list(PupilKey.objects.in_class(school_class).select_related("pupil__person__account"))


def _locked(school_class: SchoolClass) -> ClassDoor:
    ClassDoor.objects.bulk_create([ClassDoor(school_class=school_class)], ignore_conflicts=True)
    door = ClassDoor.objects.select_for_update(of=("self",)).select_related("school_class")
    return door.get(school_class=school_class)


def count_failure(door: ClassDoor) -> None:
    ClassDoor.objects.filter(pk=door.pk).update(failures=F("failures") + 1)


def check(actor: Any, permission: str, obj: Any) -> None:
    if actor is not None and not actor.has_perm(permission, obj):
        raise PermissionDenied
