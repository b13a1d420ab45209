"""Weeks of notes: written, read, signed, forgotten, as in a real school. The same at each run: a seeded generator."""

import random
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import typst
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.tenancy import current_schema
from provisioning.demo.clock import at, moment
from provisioning.demo.people import of_commune, shown_guardian
from shared_apps.notifications.models import OutboxEntry
from shared_apps.signatures.models import Slot
from tenant_apps.liaison import services, threads
from tenant_apps.liaison.models import LiaisonNote, Reply
from tenant_apps.people.models import Person, Pupil, PupilGroup, StaffAssignment

Answer = LiaisonNote.Answer
Category = LiaisonNote.Category


@dataclass(frozen=True, slots=True)
class Script:
    """A note to write: `ago` school days before today, due `due` days after today (negative: past)."""

    by: str  # teacher | head
    ago: int
    title: str
    category: str
    body: str
    answer: str = Answer.NONE
    due: int = 0
    happens: str = ""
    to_bring: str = ""
    each: bool = False
    programme: bool = False  # comes with its programme as a PDF


SCRIPTS = [Script(**row) for row in tomllib.loads((Path(__file__).parent / "data/notes.toml").read_text())["note"]]


def seed(school: Any, school_days: list[date], today: date, *, is_full: bool = True) -> None:
    """Notes of the head to the whole school, then of each teacher to their class; fewer unless `is_full`."""
    if LiaisonNote.objects.filter(school=school).exists():
        return
    left = _left_to_sign()
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    classes = list(school.classes.current())
    assignments = StaffAssignment.objects.on().filter(school=school, person__account__isnull=False)
    for assignment in assignments.select_related("person__account", "school_class").order_by("role", "pk"):
        actor = assignment.person.account
        is_head = assignment.role == StaffAssignment.Role.HEAD
        scripts = [script for script in SCRIPTS if script.by == ("head" if is_head else "teacher")]
        if not is_full:
            scripts = [] if is_head else scripts[:2]
        elif not is_head:
            scripts = scripts[:1] + rng.sample(scripts[1:], k=rng.choice((2, 3)))
        for script in scripts:
            _write(actor, classes if is_head else [assignment.school_class], script, school_days, today, rng, left)
    _draft(classes)
    if is_full:
        _of_the_class(school, school_days, today)


def _left_to_sign() -> set[Any]:
    """The children of the parent whom the front door shows: whoever tries the demo has something to sign."""
    guardian = shown_guardian()
    return set(guardian.guardianships.values_list("pupil", flat=True)) if guardian else set()


def _write(
    actor: Any,
    classes: list[Any],
    script: Script,
    days: list[date],
    today: date,
    rng: random.Random,
    left: set[Any],
) -> None:
    day = days[min(script.ago, len(days) - 1)]
    note = LiaisonNote(
        title=script.title,
        category=script.category,
        body=script.body,
        answer=script.answer,
        happens=script.happens,
        to_bring=script.to_bring,
        needs_each_guardian=script.each,
        due_on=today + timedelta(days=script.due) if script.answer != Answer.NONE else None,
    )
    with transaction.atomic():  # one commit for a note and its answers: the disk is what takes time
        with at(moment(day, 16, 40)):
            upload = ContentFile(_programme(), "programme-de-la-sortie.pdf") if script.programme else None
            draft = services.save_draft(actor=actor, note=note, classes=classes, upload=upload)
            note = services.publish_note(actor=actor, note=draft)
        _answers(note, actor, day, today, rng, left if script.due > 0 else set())


def _programme() -> bytes:
    return typst.compile((Path(__file__).parent / "data/programme.typ").read_bytes(), format="pdf")


def _answers(note: LiaisonNote, teacher: Any, day: date, today: date, rng: random.Random, left: set[Any]) -> None:
    """Most sign in the two days that follow; some read and forget; some bring the paper back."""
    slots = Slot.objects.filter(request__object_id=note.pk).exclude(subject_id__in=left)
    people = Person.objects.select_related("account").in_bulk(slots.values_list("signer_id", flat=True))
    for slot in slots.order_by("pk"):
        account, luck = people[slot.signer_id].account, rng.random()
        when = moment(min(day + timedelta(days=rng.choice((0, 0, 1, 2))), today), 18, rng.randrange(60))
        when = min(when, timezone.now())
        if account is None or account.activated_at is None:
            if note.asks_answer and luck < 0.3:
                _paper(note, teacher, slot, when)
        elif luck < 0.68:
            _sign_or_read(note, account, slot, when, rng)
        elif luck < 0.85:
            _read(note, account, when)


def _sign_or_read(note: LiaisonNote, account: Any, slot: Slot, when: Any, rng: random.Random) -> None:
    if not note.asks_answer:
        return _read(note, account, when)
    answer = rng.choices(("yes", "no"), (12, 1))[0] if note.choices else ""
    comment = "Je peux accompagner la classe." if note.category == Category.OUTING and rng.random() < 0.08 else ""
    with at(when):
        services.sign_note(actor=account, note=note, slot=slot, answer=answer, comment=comment)
        if comment:
            _leaves(Reply.objects.filter(note=note, author=account).latest("created_at"))
    return None


def _read(note: LiaisonNote, account: Any, when: Any) -> None:
    with at(when):
        services.read_note(actor=account, note=note)


def _paper(note: LiaisonNote, teacher: Any, slot: Slot, when: Any) -> None:
    slot.refresh_from_db()
    if not slot.is_signed:
        with at(when):
            pupil = Pupil.objects.get(pk=slot.subject_id)
            answer = "yes" if note.choices else ""
            signer = slot.signer_id if note.needs_each_guardian else None
            services.record_paper(actor=teacher, note=note, pupil=pupil, answer=answer, signer_id=signer)


def _draft(classes: list[Any]) -> None:
    """One teacher has not finished writing."""
    assignment = StaffAssignment.objects.on().filter(role="teacher", school_class__in=classes).first()
    if assignment is None or assignment.person.account is None:
        return
    _new(assignment.person.account, [assignment.school_class], "Marché de Noël", "Nous préparons des sablés.")


def _of_the_class(school: Any, days: list[date], today: date) -> None:
    """What the shown teacher did besides: a note to three children, one taken back, one that leaves on its own."""
    shown = {one.key: one.user_id for one in of_commune(current_schema())}
    place = StaffAssignment.objects.on().get(school=school, person__account=shown["teacher"], role="teacher")
    teacher, classes = place.person.account, [place.school_class]
    with transaction.atomic(), at(moment(days[min(3, len(days) - 1)], 16, 50)):
        body = "Il manque la photo d’identité de votre enfant pour sa carte de bibliothèque."
        some = _new(teacher, classes, "Une photo d’identité", body, category=Category.PAPERWORK)
        three = Pupil.objects.filter(enrollments__in=classes[0].enrollments.on()).order_by("person__sort_name")[:3]
        services.publish_note(actor=teacher, note=services.choose_children(actor=teacher, note=some, pupils=three))
        asked = {"category": Category.OUTING, "answer": Answer.SIGNATURE, "due_on": today + timedelta(days=10)}
        off = _new(teacher, classes, "Patinoire", "Nous allons à la patinoire : prévoyez des gants.", **asked)
        off = services.publish_note(actor=teacher, note=off)
    with at(moment(days[min(2, len(days) - 1)], 12, 5)):
        word = "La patinoire ferme pour travaux. Nous choisirons un autre jour."
        services.withdraw_note(actor=teacher, note=off, word=word)
    later = _new(teacher, classes, "Photo de classe", "La photo de classe aura lieu la semaine prochaine.")
    services.plan_note(actor=teacher, note=later, moment=moment(timezone.localdate() + timedelta(days=3), 18))
    sent = LiaisonNote.objects.published().filter(audience="all", allows_reply=True)
    _exchange(sent.filter(author=teacher, classes__in=classes), days)
    if guardian := shown_guardian():
        _exchange(sent.filter(answer=Answer.NONE).exclude(author=teacher), days, guardian)
    _reported(sent.filter(author=teacher, classes__in=classes, answer=Answer.CONSENT), teacher, days)


def to_the_choir(school: Any, days: list[date]) -> None:
    """The head writes to the families of a group of several classes."""
    group = PupilGroup.objects.on().filter(school=school, kind=PupilGroup.Kind.CHOIR).first()
    if group is None or LiaisonNote.objects.filter(group=group).exists():
        return
    head = StaffAssignment.objects.on().heading().filter(school=school).select_related("person__account").get()
    body = "La chorale chante à la médiathèque samedi à 11 h. Venez écouter les enfants."
    with transaction.atomic(), at(moment(days[min(2, len(days) - 1)], 11, 20)):
        draft = _new(head.person.account, [], "Concert de la chorale", body, audience="group", group=group)
        services.publish_note(actor=head.person.account, note=draft)


def _new(actor: Any, classes: list[Any], title: str, body: str, **facts: Any) -> LiaisonNote:
    note = LiaisonNote(title=title, body=f"Bonjour,\n\n{body}", **facts)
    return services.save_draft(actor=actor, note=note, classes=classes)


def _exchange(notes: Any, days: list[date], guardian: Person | None = None) -> None:
    """A family asks about one of these notes, or this guardian does; its author answers."""
    slots = Slot.objects.filter(request__object_id__in=notes.values("pk")).order_by("-created_at", "pk")
    people = Person.objects.filter(account__activated_at__isnull=False)
    people = people.filter(pk=guardian.pk) if guardian else people
    slot = slots.filter(signer_id__in=people.values("pk")).select_related("request").first()
    if slot is None:
        return
    note, pupil = LiaisonNote.objects.get(pk=slot.request.object_id), Pupil.objects.get(pk=slot.subject_id)
    asker = Person.objects.select_related("account").get(pk=slot.signer_id).account
    day = max(days[0], timezone.localdate(note.published_at))
    with at(min(moment(day, 19, 12), timezone.now())):
        words = "Bonjour, faut-il prévoir quelque chose de particulier ? Merci d’avance."
        _leaves(threads.reply(actor=asker, note=note, pupil=pupil, body=words))
    with at(min(moment(day, 20, 3), timezone.now())):
        words = "Bonjour, non, rien de plus que d’habitude. Bonne soirée."
        _leaves(threads.answer(actor=note.author, note=note, pupil=pupil, body=words))


def _reported(notes: Any, teacher: Any, days: list[date]) -> None:
    """A family lost its temper: the teacher shows these words to the head, who has not read them yet."""
    known = Person.objects.filter(account__activated_at__isnull=False).values("pk")
    slots = Slot.objects.filter(request__object_id__in=notes.values("pk"), signer_id__in=known, signed_at=None)
    slot = slots.select_related("request").order_by("pk").first()
    if slot is None:
        return
    note, pupil = LiaisonNote.objects.get(pk=slot.request.object_id), Pupil.objects.get(pk=slot.subject_id)
    asker = Person.objects.select_related("account").get(pk=slot.signer_id).account
    with at(min(moment(max(days[0], timezone.localdate(note.published_at)), 22, 40), timezone.now())):
        words = "Encore une sortie ! Vous feriez mieux de leur apprendre à lire, si vous en êtes capable."
        said = threads.reply(actor=asker, note=note, pupil=pupil, body=words)
        _leaves(said)
        threads.report(actor=teacher, reply=said, reason="Je préfère que vous le lisiez avant que je réponde.")


def _leaves(reply: Reply) -> None:
    """As the worker does, on the day itself."""
    entry = OutboxEntry.objects.filter(kind=threads.DELIVER, payload__reply=str(reply.pk), delivered_at=None).first()
    if entry is not None:
        threads.deliver(entry.payload)
        entry.delivered_at = timezone.now()
        entry.save()
