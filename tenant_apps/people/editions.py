"""What a school validated about a child, for its guardians to read and sign: reports, notebooks.

An edition never changes, and has one request of signatures. Who signs it is told by the links of today: an adult who
becomes a guardian later gets a place too.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.models import BaseModel
from shared_apps.signatures import services as signatures
from shared_apps.signatures.models import SignatureRequest, Slot
from tenant_apps.people.models import Guardianship, Person


class FrozenEdition(BaseModel):
    """A version of what is said of a child, as it was validated. Its table is of `privileges.UNCHANGED`.

    Who inherits says `pupil_id`.
    """

    number = models.PositiveSmallIntegerField(gettext_lazy("version"))
    content = models.JSONField(gettext_lazy("contenu"))
    digest = models.CharField(gettext_lazy("empreinte"), max_length=64)
    reason = models.CharField(gettext_lazy("motif de la correction"), max_length=300, blank=True)
    validated_at = models.DateTimeField(gettext_lazy("validé le"))
    # No key: to forget the account must not rewrite the row.
    validated_by_id = models.UUIDField(gettext_lazy("validé par"))

    class Meta:
        abstract = True


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Adult:
    person: Person
    slot: Slot | None  # none yet: became a guardian after the validation

    @property
    def is_signed(self) -> bool:
        return self.slot is not None and self.slot.is_signed


@dataclass(frozen=True, slots=True)
class Child:
    """How far the adults of one child have come with an edition."""

    edition: Any
    adults: list[Adult]
    needs_each: bool

    @property
    def is_done(self) -> bool:
        signed = [adult.is_signed for adult in self.adults]
        return bool(signed) and (all(signed) if self.needs_each else any(signed))


@dataclass(frozen=True, slots=True)
class Signing:
    """The signatures of one sort of editions. Who may ask for one is the caller's rule."""

    purpose: str

    def ask(self, *, actor: Any, edition: Any, needs_each: bool, due_on: date | None = None) -> SignatureRequest:
        return signatures.open_request(
            actor=actor,
            purpose=self.purpose,
            object_id=edition.pk,
            rule=SignatureRequest.Rule.EACH if needs_each else SignatureRequest.Rule.ONE,
            due_on=due_on,
            slots=_informed_of([edition]),
        )

    def requests_of(self, editions: Iterable[Any]) -> dict[Any, SignatureRequest]:
        """By edition."""
        rows = SignatureRequest.objects.filter(purpose=self.purpose, object_id__in=[one.pk for one in editions])
        return {row.object_id: row for row in rows}

    def completed(self, editions: Iterable[Any]) -> dict[Any, SignatureRequest]:
        """By edition, with a place for each adult of today."""
        editions = list(editions)
        found = self.requests_of(editions)
        by_pupil = {one.pupil_id: found[one.pk] for one in editions if found[one.pk].is_open}
        adults = _informed_of(editions)
        signatures.add_slots((by_pupil[child], child, adult) for child, adult in adults if child in by_pupil)
        return found

    def request_of(self, edition: Any) -> SignatureRequest:
        return self.completed([edition])[edition.pk]

    def mark_read(self, *, actor: Any, edition: Any) -> None:
        """A guardian opened it."""
        for link in Guardianship.objects.informed().of(actor).filter(pupil=edition.pupil_id):
            mine = Slot.objects.for_signer(link.guardian_id).filter(request__object_id=edition.pk)
            if not mine.filter(request__purpose=self.purpose, read_at__isnull=False).exists():
                with transaction.atomic():
                    signatures.mark_read(request=self.request_of(edition), signer_id=link.guardian_id)

    def sign(self, *, actor: Any, edition: Any) -> Slot:
        """Raises DomainError: closed."""
        link = Guardianship.objects.informed().of(actor).get(pupil=edition.pupil_id)
        slots = self.request_of(edition).slots
        return signatures.sign(actor=actor, slot=slots.get(subject_id=edition.pupil_id, signer_id=link.guardian_id))

    def record_paper(self, *, actor: Any, edition: Any, signer_id: Any) -> None:
        """One adult signed on paper. Raises DomainError: unknown_adult, already_signed, closed."""
        request = self.request_of(edition)
        if not request.slots.filter(subject_id=edition.pupil_id, signer_id=signer_id).exists():
            raise DomainError(_("Dites quel responsable a signé le papier."), code="unknown_adult")
        signatures.record_paper(actor=actor, request=request, subject_id=edition.pupil_id, signer_id=signer_id)

    def remind(self, editions: Iterable[Any], *, on: date) -> list[tuple[Any, Any]]:
        """(edition, adult) of those whose signature is missing, noted as reminded that day: once a day each."""
        editions, told = list(editions), []
        found = self.completed(editions)
        for edition in editions:
            slots = signatures.slots_to_remind(found[edition.pk], on=on)
            signatures.mark_reminded(slots)
            told += [(edition, slot.signer_id) for slot in slots]
        return told

    def follow_up(self, editions: Iterable[Any]) -> list[Child]:
        """In the order given. Four queries, however many children."""
        editions = list(editions)
        requests = self.requests_of(editions)
        adults = _adults(editions, _slots(requests))
        each = SignatureRequest.Rule.EACH
        return [Child(one, adults[one.pk], one.pk in requests and requests[one.pk].rule == each) for one in editions]

    def signatures_of(self, edition: Any) -> list[Adult]:
        """Those who signed a version."""
        slots = _slots(self.requests_of([edition]))[edition.pk]
        persons = Person.objects.in_bulk(_signed(slots))
        return [Adult(person, slots[pk]) for pk, person in persons.items()]

    def forget(self, editions: models.QuerySet) -> None:
        """What was signed of them goes with them."""
        SignatureRequest.objects.filter(purpose=self.purpose, object_id__in=editions.values("pk")).delete()


def told_of(editions: Collection[Any]) -> list[tuple[Any, Guardianship]]:
    """(edition, link) of each guardian who is told of it and has an account."""
    by_pupil = {edition.pupil_id: edition for edition in editions}
    links = Guardianship.objects.informed().filter(pupil__in=by_pupil, guardian__account__isnull=False)
    links = links.select_related("guardian__account", "pupil__person").order_by("pk")
    return [(by_pupil[link.pupil_id], link) for link in links]


def _informed_of(editions: Iterable[Any]) -> list[tuple[Any, Any]]:
    """(child, adult) of those who may sign today."""
    links = Guardianship.objects.informed().filter(pupil__in=[one.pupil_id for one in editions]).order_by("pk")
    return list(links.values_list("pupil_id", "guardian_id"))


def _slots(requests: dict[Any, SignatureRequest]) -> dict[Any, dict[Any, Slot]]:
    """By edition and adult."""
    found: dict[Any, dict[Any, Slot]] = defaultdict(dict)
    for slot in Slot.objects.filter(request__in=requests.values()).select_related("request").order_by("pk"):
        found[slot.request.object_id][slot.signer_id] = slot
    return found


def _adults(editions: list[Any], slots: dict[Any, dict[Any, Slot]]) -> dict[Any, list[Adult]]:
    """Those of today, and those of then who signed."""
    ids: dict[Any, list[Any]] = defaultdict(list)
    for child, adult in _informed_of(editions):
        ids[child].append(adult)
    wanted = {one.pk: [*ids[one.pupil_id], *_signed(slots[one.pk])] for one in editions}
    persons = Person.objects.in_bulk({pk for adults in wanted.values() for pk in adults})
    return {
        edition: [Adult(persons[pk], slots[edition].get(pk)) for pk in dict.fromkeys(adults) if pk in persons]
        for edition, adults in wanted.items()
    }


def _signed(slots: dict[Any, Slot]) -> list[Any]:
    return [pk for pk, slot in slots.items() if slot.is_signed]
