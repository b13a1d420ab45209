"""Appointments: a teacher opens slots, a guardian books, either cancels with a word. Each verb is one function."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import permutations
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.registry import AgendaAsk, AgendaLine
from core.words import day as in_words
from core.words import moment
from shared_apps.accounts.models import User
from shared_apps.audit.services import record
from shared_apps.notifications import outbox
from shared_apps.notifications.services import Notice, notify, notify_all
from tenant_apps.agenda.models import AppointmentSlot, Booking
from tenant_apps.people.models import Enrollment, Guardianship, Pupil
from tenant_apps.schools.models import SchoolClass

REMINDER = "agenda.reminder"
MOST_SLOTS = 40  # opened at once
NEXT_TO = timedelta(minutes=20)  # brothers and sisters: how long one waits between two
SHOWN = 3  # proposals


@transaction.atomic
def open_slots(
    *,
    actor: Any,
    school_class: SchoolClass,
    day: date,
    begins_at: time,
    ends_at: time,
    minutes: int,
    place: str = "",
    video_url: str = "",
) -> list[AppointmentSlot]:
    """One after the other, as many as fit. One's slots never overlap: the account is held meanwhile."""
    if not actor.has_perm("agenda.open_slots", school_class):
        raise PermissionDenied
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    starts, end, length = _at(day, begins_at), _at(day, ends_at), timedelta(minutes=minutes)
    count = (end - starts) // length
    if not 0 < count <= MOST_SLOTS:
        raise DomainError(_("Ces heures ne tiennent pas : un rendez-vous au moins, quarante au plus."))
    if starts <= timezone.now():
        raise DomainError(_("Ce moment est déjà passé."))
    if AppointmentSlot.objects.to_come().filter(host=actor, starts_at__lt=end, ends_at__gt=starts).exists():
        raise DomainError(_("Vous recevez déjà à ces heures-là."))
    facts = {"host": actor, "school_class": school_class, "place": place, "video_url": video_url}
    times = [(starts + n * length, starts + (n + 1) * length) for n in range(count)]
    made = AppointmentSlot.objects.bulk_create(AppointmentSlot(starts_at=a, ends_at=z, **facts) for a, z in times)
    record(actor=actor, action="agenda.slots_opened", obj=school_class, slots=count)
    _announce(actor, school_class, day)
    return made


def _announce(host: Any, school_class: SchoolClass, day: date) -> None:
    """To the guardians of the class, once for an evening."""
    links = Guardianship.objects.informed().of_classes([school_class]).filter(guardian__account__isnull=False)
    words = _("%(child)s · Rendez-vous à prendre : %(host)s reçoit %(day)s")
    notify_all(
        Notice(
            user=link.guardian.account,
            kind="agenda.appointment",
            title=words % {"child": link.pupil.person.first_name, "host": host, "day": in_words(day)},
            path=reverse("agenda:appointments"),
            key=f"agenda:open:{host.pk}:{link.pk}:{day}",
            subject_ids=[link.pupil_id],
        )
        for link in links.select_related("guardian__account", "pupil__person")
    )


@transaction.atomic
def book(*, actor: Any, wanted: Iterable[tuple[AppointmentSlot, Pupil]]) -> list[Booking]:
    """All of them or none: a parent who comes for two children does not come twice."""
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    pairs = sorted(wanted, key=lambda pair: (pair[0].starts_at, pair[0].pk))
    return [_book(actor, slot, pupil) for slot, pupil in pairs]


def _book(actor: Any, slot: AppointmentSlot, pupil: Pupil) -> Booking:
    booking = Booking(slot=slot, guardian=actor, pupil=pupil)
    if not actor.has_perm("agenda.book", booking):
        raise PermissionDenied
    mine = Booking.objects.standing().filter(guardian=actor)
    if mine.filter(slot__starts_at__lt=slot.ends_at, slot__ends_at__gt=slot.starts_at).exists():
        raise DomainError(_("Vous avez déjà un rendez-vous à cette heure-là."))
    if mine.to_come().filter(pupil=pupil, slot__host=slot.host_id).exists():
        raise DomainError(_("Vous avez déjà un rendez-vous pour cet enfant. Annulez-le pour en changer."))
    taken = DomainError(_("Ce créneau vient d’être pris. Choisissez-en un autre."), code="taken")
    if not AppointmentSlot.objects.free().filter(pk=slot.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:  # somebody else, at the same moment
        raise taken from error
    record(actor=actor, action="agenda.slot_booked", obj=booking)
    _tell(slot.host, booking, _("%(child)s · Rendez-vous pris : %(when)s"), "booked")
    _plan_reminder(booking)
    return booking


@transaction.atomic
def cancel(*, actor: Any, booking: Booking, word: str = "") -> None:
    """By the guardian, and the slot is free again; by who receives, and it is closed."""
    booking = Booking.objects.select_for_update(of=("self",)).with_facts().get(pk=booking.pk)
    if not actor.has_perm("agenda.cancel_booking", booking):
        raise PermissionDenied
    if booking.cancelled_at or booking.slot.starts_at <= timezone.now():
        raise DomainError(_("Ce rendez-vous est déjà passé ou annulé."))
    booking.cancelled_at, booking.word = timezone.now(), word
    booking.cancelled_by_host = booking.slot.host_id == actor.pk
    booking.save(update_fields=["cancelled_at", "word", "cancelled_by_host", "updated_at"])
    if booking.cancelled_by_host:
        AppointmentSlot.objects.filter(pk=booking.slot_id).update(closed_at=timezone.now())
    record(actor=actor, action="agenda.booking_cancelled", obj=booking)
    other = booking.guardian if booking.cancelled_by_host else booking.slot.host
    # The word itself stays on the page: a title is read on a locked screen.
    _tell(other, booking, _("%(child)s · Rendez-vous annulé : %(when)s"), "cancelled")


@transaction.atomic
def close_slot(*, actor: Any, slot: AppointmentSlot) -> None:
    """A free one; a booked one is cancelled, with a word."""
    slot = AppointmentSlot.objects.select_for_update(of=("self",)).get(pk=slot.pk)
    if slot.host_id != actor.pk:
        raise PermissionDenied
    if slot.bookings.standing().exists():
        raise DomainError(_("Quelqu’un a pris ce créneau : annulez d’abord le rendez-vous."))
    slot.closed_at = timezone.now()
    slot.save(update_fields=["closed_at", "updated_at"])
    record(actor=actor, action="agenda.slot_closed", obj=slot)


# --- the day before


def _plan_reminder(booking: Booking) -> None:
    day_before = timezone.localtime(booking.slot.starts_at) - timedelta(days=1)
    moment_of = day_before.replace(hour=8, minute=0, second=0, microsecond=0)
    if moment_of > timezone.now():
        key = f"{REMINDER}:{booking.pk}"
        outbox.put(REMINDER, key=key, payload={"booking": str(booking.pk)}, not_before=moment_of)


def remind(payload: dict[str, Any]) -> None:
    """As it is now: what was cancelled meanwhile is not told."""
    booking = Booking.objects.standing().to_come().with_facts().filter(pk=payload["booking"]).first()
    if booking:
        _tell(booking.guardian, booking, _("%(child)s · Rendez-vous demain : %(when)s"), "reminded")


def _tell(user: Any, booking: Booking, words: str, occasion: str) -> None:
    notify(
        user=user,
        kind="agenda.appointment",
        title=words % {"child": booking.pupil.person.first_name, "when": moment(booking.slot.starts_at)},
        path=reverse("agenda:appointments"),
        subject_ids=[booking.pupil_id],
        key=f"agenda:{booking.pk}:{occasion}",
    )


# --- what a guardian may take


def offers(user: Any, mine: Iterable[Booking]) -> list[tuple[Enrollment, list[AppointmentSlot]]]:
    """Each child with the slots still free in its class, of those whom one does not meet already. Two queries."""
    held = {(booking.slot.host_id, booking.pupil_id) for booking in mine if not booking.cancelled_at}
    children = Enrollment.objects.on().filter(pupil__in=Pupil.objects.informing(user))
    children = children.select_related("pupil__person", "school_class").order_by(
        "pupil__person__birth_date", "pupil_id"
    )
    slots: dict[Any, list[AppointmentSlot]] = {}
    for slot in AppointmentSlot.objects.visible_to(user).free().exclude(host=user).select_related("host__person"):
        slots.setdefault(slot.school_class_id, []).append(slot)
    return [
        (child, [one for one in slots.get(child.school_class_id, []) if (one.host_id, child.pupil_id) not in held])
        for child in children
    ]


def side_by_side(
    offered: list[tuple[Enrollment, list[AppointmentSlot]]],
) -> list[list[tuple[Enrollment, AppointmentSlot]]]:
    """For brothers and sisters: one slot each, one after the other, the earliest first."""
    families = [(child, slots) for child, slots in offered if slots][:4]
    if len(families) < 2:
        return []
    chains = (_chain(order, first) for order in permutations(families) for first in order[0][1])
    found = sorted(
        (chain for chain in chains if chain), key=lambda chain: (chain[-1][1].ends_at, chain[0][1].starts_at)
    )
    return found[:SHOWN]


def _chain(
    order: Iterable[tuple[Enrollment, list[AppointmentSlot]]], first: AppointmentSlot
) -> list[tuple[Enrollment, AppointmentSlot]]:
    """From a slot of the first child, the nearest that follow; nothing when somebody would wait too long."""
    chain: list[tuple[Enrollment, AppointmentSlot]] = []
    for child, slots in order:
        if not chain:
            chain.append((child, first))
            continue
        after = chain[-1][1].ends_at
        fitting = next((slot for slot in slots if after <= slot.starts_at <= after + NEXT_TO), None)
        if fitting is None:
            return []
        chain.append((child, fitting))
    return chain


# --- in the agenda


def lines(ask: AgendaAsk) -> list[AgendaLine]:
    first, last = _at(ask.first, time.min), _at(ask.last, time.max)
    rows = Booking.objects.standing().visible_to(ask.user).filter(slot__starts_at__range=(first, last)).with_facts()
    return [_line(row, ask) for row in rows if _is_asked(row, ask)]


def _is_asked(booking: Booking, ask: AgendaAsk) -> bool:
    if booking.guardian_id == ask.user.pk:
        return booking.pupil_id in ask.pupils
    return not ask.classes or booking.slot.school_class_id in ask.classes


def _line(booking: Booking, ask: AgendaAsk) -> AgendaLine:
    starts, ends = timezone.localtime(booking.slot.starts_at), timezone.localtime(booking.slot.ends_at)
    is_mine = booking.guardian_id == ask.user.pk
    title = _("Rendez-vous avec %(host)s") if is_mine else _("Rendez-vous : famille de %(child)s")
    return AgendaLine(
        day=starts.date(),
        title=title % {"host": booking.slot.host, "child": booking.pupil.person.first_name},
        kind=_("rendez-vous"),
        uid=str(booking.pk),
        icon="handshake",
        begins_at=starts.time(),
        ends_at=ends.time(),
        place=booking.slot.where,
        url=reverse("agenda:appointments"),
        pupils=(booking.pupil_id,),
    )


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())
