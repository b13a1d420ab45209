"""Keys are made, shown, printed and renewed by who keeps the class."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from tenant_apps.people.models import Enrollment, Pupil
from tenant_apps.people.profiles import profiles_of
from tenant_apps.pupil_access import secrets_of
from tenant_apps.pupil_access.models import PupilKey, Way
from tenant_apps.pupil_access.pictures import FACES
from tenant_apps.schools.models import SchoolClass


@dataclass(frozen=True, slots=True)
class Held:
    """A pupil of the class with its key."""

    key: PupilKey
    enrollment: Enrollment

    @property
    def person(self) -> Any:
        return self.enrollment.pupil.person


def ensure_keys(school_class: SchoolClass) -> None:
    """A key for each pupil of the class who has none, with an animal that nobody else of the class has if possible."""
    enrolled = Enrollment.objects.on().filter(school_class=school_class)
    order = list(enrolled.order_by("pupil__person__sort_name", "pk").values_list("pupil_id", flat=True))
    known = dict(PupilKey.objects.filter(pupil__in=order).values_list("pupil_id", "face"))
    free = [face for face in FACES if face not in known.values()]
    missing = [pk for pk in order if pk not in known]
    keys = [PupilKey(pupil_id=pk, face=(free or FACES)[n % len(free or FACES)]) for n, pk in enumerate(missing)]
    for key in keys:
        key.card_digest = secrets_of.digest_of("card", secrets_of.card_of(key))
    PupilKey.objects.bulk_create(keys, ignore_conflicts=True)


def held_in(school_class: SchoolClass) -> list[Held]:
    """The pupils of the class in order, those with a key."""
    rows = Enrollment.objects.on().filter(school_class=school_class).order_by("pupil__person__sort_name", "pk")
    rows = rows.select_related("pupil__person__account", "pupil__key", "school_class__school")
    return [Held(row.pupil.key, row) for row in rows if getattr(row.pupil, "key", None)]


def is_only_a_pupil(user: Any) -> bool:
    """One account serves a person in all their functions. Were an adult enrolled by mistake, or on purpose, whoever
    keeps that class would hold the key of all that the adult's account opens.
    """
    return profiles_of(user) == ("pupil",)


@transaction.atomic
def show_key(*, actor: Any, pupil: Pupil) -> Held:
    """The teacher looks at a child's pictures, to help: the audit says so."""
    held = _held(actor, pupil)
    record(actor=actor, action="pupil_access.shown", obj=pupil)
    return held


@transaction.atomic
def renew_pupil(*, actor: Any, pupil: Pupil, way: Way) -> PupilKey:
    """New pictures, a new card, a new password where the class uses one: the old ones die at once."""
    held = _held(actor, pupil)
    _renew([held], way)
    record(actor=actor, action="pupil_access.renewed", obj=pupil)
    return held.key


@transaction.atomic
def renew_class(*, actor: Any, school_class: SchoolClass, way: Way) -> int:
    _check(actor, "pupil_access.manage_class", school_class)
    ensure_keys(school_class)
    held = held_in(school_class)
    _renew(held, way)
    record(actor=actor, action="pupil_access.class_renewed", obj=school_class, pupils=len(held))
    return len(held)


@transaction.atomic
def answer_help(*, actor: Any, pupil: Pupil) -> PupilKey:
    """The child knows again: it may try five times more, with the same pictures."""
    key = _held(actor, pupil).key
    key.failures, key.help_asked_at = 0, None
    key.save(update_fields=["failures", "help_asked_at", "updated_at"])
    record(actor=actor, action="pupil_access.helped", obj=pupil)
    return key


@transaction.atomic
def print_class(*, actor: Any, school_class: SchoolClass, way: Way) -> list[Held]:
    """What is handed out to the class. A password is given to those who have none yet."""
    _check(actor, "pupil_access.manage_class", school_class)
    ensure_keys(school_class)
    held = held_in(school_class)
    if way == Way.PASSWORD:
        _give_passwords([one for one in held if one.person.account and not one.person.account.is_activated])
    record(actor=actor, action="pupil_access.printed", obj=school_class, way=way, sheets=len(held))
    return held


@transaction.atomic
def print_pupil(*, actor: Any, pupil: Pupil, way: Way) -> Held:
    held = _held(actor, pupil)
    if way == Way.PASSWORD and held.person.account and not held.person.account.is_activated:
        _give_passwords([held])
    record(actor=actor, action="pupil_access.printed", obj=pupil, way=way, sheets=1)
    return held


def has_our_password(held: Held) -> bool:
    """False once the child has chosen its own, or before one was given: the sheet then shows none."""
    account = held.person.account
    return account is not None and held.key.password_seal == secrets_of.seal_of(account.password)


def _held(actor: Any, pupil: Pupil) -> Held:
    _check(actor, "pupil_access.manage_pupil", pupil)
    row = Enrollment.objects.on().filter(pupil=pupil).select_related("school_class__school").first()
    if row is None:
        raise DomainError(_("Cet élève n’a pas de classe aujourd’hui."), code="left")
    ensure_keys(row.school_class)
    return next(held for held in held_in(row.school_class) if held.key.pupil_id == pupil.pk)


def _renew(held: Iterable[Held], way: Way) -> None:
    held = list(held)
    for one in held:
        key = one.key
        key.generation += 1
        key.card_digest = secrets_of.digest_of("card", secrets_of.card_of(key))
        key.failures, key.help_asked_at, key.updated_at = 0, None, timezone.now()
        key.save(update_fields=["generation", "card_digest", "failures", "help_asked_at", "updated_at"])
    _end_sessions(held)
    if way == Way.PASSWORD:
        _give_passwords(held)


def _end_sessions(held: list[Held]) -> None:
    """Who holds a stolen card may be inside."""
    for one in held:
        if user := one.person.account:
            user.session_stamp += 1
            user.save(update_fields=["session_stamp", "updated_at"])


def _give_passwords(held: list[Held]) -> None:
    """The account is activated by it: the code of an activation sheet opens nothing any more."""
    now = timezone.now()
    for one in held:
        user = one.person.account
        if user is None or not is_only_a_pupil(user):
            continue
        user.password = make_password(secrets_of.password_of(one.key))
        user.activated_at = user.activated_at or now
        user.save(update_fields=["password", "activated_at", "updated_at"])
        one.key.password_seal = secrets_of.seal_of(user.password)
        one.key.save(update_fields=["password_seal", "updated_at"])


def activate(user: Any) -> None:
    """A child who came in by a card needs no sheet."""
    if user.activated_at is None:
        User.objects.filter(pk=user.pk).update(activated_at=timezone.now())


def _check(actor: Any, permission: str, obj: Any) -> None:
    if actor is not None and not actor.has_perm(permission, obj):
        raise PermissionDenied
