"""Who goes: child by child, from what was signed. The roll-call of the day is the same list."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from shared_apps.signatures.models import Slot
from tenant_apps.outings.models import Outing
from tenant_apps.outings.querysets import PURPOSE
from tenant_apps.people.models import Enrollment, Person

ANSWERS = {"yes": _("participe"), "no": _("ne participe pas")}
# Signed, then erased: the proof stays without a name.
FORGOTTEN = Person(first_name=_("Ancien"), birth_name=_("responsable"))


@dataclass(frozen=True, slots=True)
class Adult:
    slot: Slot
    person: Person

    @property
    def answer(self) -> str:
        return str(ANSWERS[self.slot.answer]) if self.slot.answer else ""


@dataclass(frozen=True)
class Line:
    enrollment: Enrollment
    adults: list[Adult]
    needs_each: bool

    @property
    def slots(self) -> list[Slot]:
        return [adult.slot for adult in self.adults]

    @property
    def waits(self) -> list[Adult]:
        """Whose paper may still come back; where one signature is enough, the first that comes is for all."""
        waiting = [adult for adult in self.adults if not adult.slot.is_signed]
        return [] if self.goes or self.is_refused else waiting

    @property
    def name(self) -> str:
        return str(self.enrollment.pupil.person.full_name)

    @property
    def is_refused(self) -> bool:
        """One guardian's « no » keeps the child at school."""
        return any(slot.answer == "no" for slot in self.slots)

    @property
    def goes(self) -> bool:
        signed = [slot.is_signed for slot in self.slots]
        enough = all(signed) if self.needs_each else any(signed)
        return bool(signed) and enough and not self.is_refused


@dataclass(frozen=True)
class WhoGoes:
    lines: list[Line]

    @property
    def going(self) -> list[Line]:
        return [line for line in self.lines if line.goes]

    @property
    def staying(self) -> list[Line]:
        return [line for line in self.lines if line.is_refused]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if not line.goes and not line.is_refused]


def who_goes(outing: Outing) -> WhoGoes:
    """The class of today, in three queries: who came after the form was sent stands among the missing."""
    slots = list(Slot.objects.filter(request__purpose=PURPOSE, request__object_id=outing.pk).order_by("pk"))
    people = Person.objects.in_bulk({slot.signer_id for slot in slots})
    adults: dict[Any, list[Adult]] = defaultdict(list)
    for slot in slots:
        adults[slot.subject_id].append(Adult(slot, people.get(slot.signer_id, FORGOTTEN)))
    rows = Enrollment.objects.on().filter(school_class=outing.school_class_id).select_related("pupil__person")
    rows = rows.order_by("pupil__person__sort_name", "pupil_id")
    return WhoGoes([Line(row, adults[row.pupil_id], outing.needs_each_guardian) for row in rows])
