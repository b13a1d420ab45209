"""Who signed a class's reports, child by child and adult by adult."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Guardianship, Person
from tenant_apps.report_cards.models import Edition, ReportPeriod
from tenant_apps.report_cards.services import editions_of, requests_of


@dataclass(frozen=True, slots=True)
class Adult:
    person: Person
    slot: Slot | None  # none yet: became a guardian after the validation

    @property
    def is_signed(self) -> bool:
        return self.slot is not None and self.slot.is_signed


@dataclass(frozen=True, slots=True)
class Child:
    edition: Edition
    adults: list[Adult]
    needs_each: bool

    @property
    def report(self) -> Any:
        return self.edition.report

    @property
    def is_done(self) -> bool:
        signed = [adult.is_signed for adult in self.adults]
        return bool(signed) and (all(signed) if self.needs_each else any(signed))


def follow_up(school_class: Any, period: ReportPeriod) -> list[Child]:
    """Five queries, however many children."""
    editions = editions_of(school_class, period)
    requests = requests_of(editions)
    adults = _adults(editions, _slots(requests))
    each = SignatureRequest.Rule.EACH
    return [Child(one, adults[one.pk], one.pk in requests and requests[one.pk].rule == each) for one in editions]


def signatures_of(edition: Edition) -> list[Adult]:
    """Those who signed a version."""
    slots = _slots(requests_of([edition]))[edition.pk]
    persons = Person.objects.in_bulk(_signed(slots))
    return [Adult(person, slots[pk]) for pk, person in persons.items()]


def _slots(requests: dict[Any, SignatureRequest]) -> dict[Any, dict[Any, Slot]]:
    """By edition and adult."""
    found: dict[Any, dict[Any, Slot]] = defaultdict(dict)
    for slot in Slot.objects.filter(request__in=requests.values()).select_related("request").order_by("pk"):
        found[slot.request.object_id][slot.signer_id] = slot
    return found


def _adults(editions: list[Edition], slots: dict[Any, dict[Any, Slot]]) -> dict[Any, list[Adult]]:
    """Those of today, and those of then who signed."""
    links = Guardianship.objects.informed().filter(pupil__in=[one.report.pupil_id for one in editions])
    ids: dict[Any, list[Any]] = defaultdict(list)
    for child, adult in links.order_by("pk").values_list("pupil_id", "guardian_id"):
        ids[child].append(adult)
    wanted = {one.pk: [*ids[one.report.pupil_id], *_signed(slots[one.pk])] for one in editions}
    persons = Person.objects.in_bulk({pk for adults in wanted.values() for pk in adults})
    return {
        edition: [Adult(persons[pk], slots[edition].get(pk)) for pk in dict.fromkeys(adults) if pk in persons]
        for edition, adults in wanted.items()
    }


def _signed(slots: dict[Any, Slot]) -> list[Any]:
    return [pk for pk, slot in slots.items() if slot.is_signed]
