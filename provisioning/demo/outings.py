"""An outing of a class under way: most have signed, some on paper, some have yet to. Through the services."""

from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from provisioning.demo.clock import at, moment
from provisioning.demo.people import shown_guardian
from shared_apps.signatures.models import Slot
from tenant_apps.outings import services
from tenant_apps.outings.models import Outing
from tenant_apps.people.models import Person, Pupil, StaffAssignment

WORDS = (
    "Nous suivrons le canal à pied avec un guide du parc naturel : les oiseaux de l’étang, l’écluse, le travail du sel."
)
REFUSES, COME_ALONG = 4, (0, 6)


def seed(school: Any, school_days: list[date], today: date) -> None:
    """Safe to repeat: a commune where one was organised is left as it is."""
    if Outing.objects.exists():
        return
    teaching = StaffAssignment.objects.on().filter(school=school, role="teacher", person__account__isnull=False)
    rows = teaching.exclude(school_class=None).select_related("person__account", "school_class").order_by("pk")
    guardian = shown_guardian()
    left = set(guardian.guardianships.values_list("pupil", flat=True)) if guardian else set()
    one = rows.filter(school_class__enrollments__pupil__in=left).first() or rows[0]
    with transaction.atomic():
        with at(moment(school_days[min(3, len(school_days) - 1)], 17, 15)):
            outing = services.publish(actor=one.person.account, outing=_draft(one, today))
        with at(moment(school_days[min(2, len(school_days) - 1)], 18, 30)):
            _answers(outing, one.person.account, left)


def _draft(one: Any, today: date) -> Outing:
    outing = Outing(
        school_class=one.school_class,
        title="L’île Sainte-Lucie",
        place="Port-la-Nouvelle",
        words=WORDS,
        day=today + timedelta(days=14 - today.weekday()),  # a Monday
        due_on=today + timedelta(days=4),
        leaves_at=time(9),
        comes_back_at=time(16, 15),
        to_bring="Un pique-nique, une gourde, des bottes",
        amount="4 € par enfant, remis à l’école",
        companions_wanted=3,
        needs_each_guardian=False,
    )
    return services.save_draft(actor=one.person.account, outing=outing)


def _answers(outing: Outing, teacher: Any, left: set[Any]) -> None:
    """Two out of three by themselves, a refusal, papers of the others; whom the front door shows has yet to."""
    slots = list(Slot.objects.filter(request__object_id=outing.pk).exclude(subject_id__in=left).order_by("pk"))
    people = Person.objects.select_related("account").in_bulk({slot.signer_id for slot in slots})
    pupils = Pupil.objects.in_bulk({slot.subject_id for slot in slots})
    done: set[Any] = set()
    for number, slot in enumerate(slots):
        account = people[slot.signer_id].account
        if slot.subject_id in done or number % 4 == 3:
            continue
        done.add(slot.subject_id)
        if account is None or account.activated_at is None:
            services.record_paper(actor=teacher, outing=outing, pupil=pupils[slot.subject_id], answer="yes")
            continue
        services.sign(actor=account, outing=outing, slot=slot, answer="no" if number == REFUSES else "yes")
        if number in COME_ALONG:
            services.come_along(actor=account, outing=outing, comes=True)
