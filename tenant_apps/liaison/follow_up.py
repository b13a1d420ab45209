"""Where a note stands, child by child: what the teacher's follow-up page, its coupons and the reminders show."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shared_apps.signatures.models import Slot
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.liaison.querysets import PURPOSE, classes_written_to_by
from tenant_apps.people.models import Enrollment, Person


class Stage(TextChoices):
    """How far one adult, or one child's answer, has come."""

    SIGNED = "signed", _("Signé")
    READ = "read", _("Lu, pas signé")
    UNREAD = "unread", _("Pas lu")
    UNREACHED = "unreached", _("Injoignable")


# Signed, then erased: the proof stays without a name.
FORGOTTEN = Person(first_name=_("Ancien"), birth_name=_("responsable"))


@dataclass(frozen=True, slots=True)
class Adult:
    slot: Slot
    person: Person
    answer: str = ""  # in words

    @property
    def stage(self) -> Stage:
        if self.slot.is_signed:
            return Stage.SIGNED
        if self.slot.read_at:
            return Stage.READ
        account = self.person.account
        is_reached = account is not None and (account.is_activated or account.email)
        return Stage.UNREAD if is_reached else Stage.UNREACHED


@dataclass(frozen=True)
class Child:
    enrollment: Enrollment
    adults: list[Adult]
    needs_each: bool
    said: tuple[Reply, ...] = ()
    has_news: bool = False

    @property
    def pupil(self) -> Any:
        return self.enrollment.pupil

    @property
    def is_done(self) -> bool:
        signed = [adult.slot.is_signed for adult in self.adults]
        return all(signed) if self.needs_each else any(signed)

    @cached_property
    def stage(self) -> Stage:
        if self.is_done:
            return Stage.SIGNED
        stages = {adult.stage for adult in self.adults}
        if Stage.READ in stages or Stage.SIGNED in stages:
            return Stage.READ
        return Stage.UNREAD if Stage.UNREAD in stages else Stage.UNREACHED

    @property
    def answers(self) -> set[str]:
        return {adult.slot.answer for adult in self.adults if adult.slot.is_signed}


@dataclass(frozen=True)
class FollowUp:
    note: LiaisonNote
    children: list[Child]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Children by stage, and how many were signed on paper."""
        counts = Counter(child.stage.value for child in self.children)
        paper = sum(any(a.slot.is_paper for a in child.adults) for child in self.children if child.is_done)
        return {stage.value: counts[stage.value] for stage in Stage} | {"paper": paper}

    @cached_property
    def bar(self) -> list[dict[str, Any]]:
        """The parts of the stacked bar, in words that stand after a number."""
        words = {
            Stage.SIGNED: (_("avec une réponse signée"), 1) if self.note.asks_answer else (_("lus"), 1),
            Stage.READ: (_("lus, pas signés"), 2) if self.note.asks_answer else (_("lus"), 1),
            Stage.UNREAD: (_("pas lus"), 3),
            Stage.UNREACHED: (_("injoignables"), 4),
        }
        parts = [{"value": self.counts[s.value], "label": word, "tone": tone} for s, (word, tone) in words.items()]
        return [part for part in parts if part["value"]]

    @cached_property
    def missing(self) -> list[Child]:
        return [child for child in self.children if not child.is_done]

    @cached_property
    def exchanging(self) -> list[Child]:
        """Those whose family wrote."""
        return [child for child in self.children if child.said]

    @cached_property
    def done(self) -> list[Child]:
        return [child for child in self.children if child.is_done]

    @cached_property
    def answers(self) -> dict[str, int]:
        """Children by answer; two guardians who disagree count in both."""
        return dict(Counter(answer for child in self.children for answer in child.answers if answer))

    @cached_property
    def adults_to_remind(self) -> int:
        return len({a.person.pk for c in self.missing for a in c.adults if not a.slot.is_signed and _reached(a)})


def follow_up(note: LiaisonNote, user: Any) -> FollowUp:
    """The children of the classes this person writes to: a teacher doesn't follow the families of another class.

    Four queries, however many children and words.
    """
    mine = Enrollment.objects.on().filter(school_class__in=classes_written_to_by(user))
    asked = Slot.objects.filter(request__purpose=PURPOSE, request__object_id=note.pk)
    slots = list(asked.select_related("signed_by").filter(subject_id__in=mine.values("pupil")))
    people = Person.objects.select_related("account").in_bulk({slot.signer_id for slot in slots})
    labels = dict(note.choices)
    adults: dict[Any, list[Adult]] = {}
    for slot in slots:
        person = people.get(slot.signer_id, FORGOTTEN)
        adults.setdefault(slot.subject_id, []).append(Adult(slot, person, labels.get(slot.answer, "")))
    enrollments = (
        Enrollment.objects.on()
        .filter(pupil__in=adults)
        .select_related("pupil__person", "school_class")
        .order_by("pupil__person__sort_name", "pupil_id")
    )
    said: dict[Any, list[Reply]] = {}
    for one in Reply.objects.visible_to(user).filter(note=note).with_news_of(user).select_related("author"):
        said.setdefault(one.pupil_id, []).append(one)
    news = {pupil for pupil, words in said.items() if any(one.is_news for one in words)}
    children = [
        Child(e, adults[e.pupil_id], note.needs_each_guardian, tuple(said.get(e.pupil_id, ())), e.pupil_id in news)
        for e in enrollments
    ]
    return FollowUp(note, children)


def _reached(adult: Adult) -> bool:
    return adult.stage != Stage.UNREACHED
