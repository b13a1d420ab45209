"""Weeks of messages: the head to families, teachers to parents, parents and pupils to teachers; one waits, one was
reported. Through the services, dated as they would have been.
"""

import random
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from provisioning.demo.clock import at, moment
from provisioning.demo.people import shown_guardian
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.messages import delivery, services
from tenant_apps.messages.models import Copy, Message
from tenant_apps.people.models import Enrollment, StaffAssignment
from tenant_apps.schools.models import School

SCRIPTS = tomllib.loads((Path(__file__).parent / "data/messages.toml").read_text())["message"]
Role = StaffAssignment.Role


def seed(school: School, school_days: list[date]) -> None:
    """Safe to repeat: a school where somebody wrote is left as it is."""
    if Message.objects.filter(school=school).exists():
        return
    people = _cast(school)
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    sent = [_play(script, people, school_days, rng) for script in SCRIPTS if script["by"] in people]
    _reported(people, [message for message in sent if message is not None])
    _unfinished(people)


def _cast(school: School) -> dict[str, Any]:
    """Who plays each part: the account, and the codes of the groups that they write to."""
    teachers = StaffAssignment.objects.on().filter(role=Role.TEACHER, school=school, person__account__isnull=False)
    shown = shown_guardian()
    child = Enrollment.objects.on().filter(pupil__guardianships__guardian=shown, school_class__school=school).first()
    rows = teachers.annotate(pupils=Count("school_class__enrollments")).order_by("-pupils", "id")
    teacher = (rows.filter(school_class=child.school_class) if child else rows).first() or rows[0]
    head = StaffAssignment.objects.on().heading().get(school=school).person
    reader = _reader(school)
    cast: dict[str, Any] = {
        "head": head.account,
        "teacher": teacher.person.account,
        "codes": {
            "families": f"families:{school.pk}",
            "staff": f"staff:{school.pk}",
            "guardians": f"guardians:{teacher.school_class_id}",
            "teacher": f"person:{teacher.person_id}",
            "head": f"person:{head.pk}",
        },
    }
    if child and shown and shown.account:
        cast["guardian"] = shown.account
    if reader is not None:
        cast["pupil"] = reader.pupil.person.account
        cast["codes"]["pupils"] = f"pupils:{reader.school_class_id}"
        cast["older"] = teachers.filter(school_class=reader.school_class).first()
    return cast


def _reader(school: School) -> Enrollment | None:
    rows = Enrollment.objects.on().filter(
        grade="CM2", school_class__school=school, pupil__person__account__isnull=False
    )
    return rows.select_related("pupil__person__account").order_by("pupil__person__sort_name").first()


def _play(script: dict[str, Any], people: dict[str, Any], days: list[date], rng: random.Random) -> Message | None:
    author, to = people[script["by"]], people["codes"].get(script["to"])
    with_pupils = "pupil" in (script["by"], script["to"].removesuffix("s"))
    if with_pupils and people.get("older"):
        older = people["older"]
        author = older.person.account if script["by"] == "teacher" else author
        to = f"person:{older.person_id}" if script["to"] == "teacher" else to
    if to is None:
        return None
    when = moment(days[min(script["ago"], len(days) - 1)], rng.randrange(9, 17), rng.randrange(60))
    when = min(when, timezone.now() - timedelta(minutes=5))
    with transaction.atomic():
        with at(when):
            draft = services.save_draft(
                actor=author,
                subject=script["subject"],
                body=script["body"],
                to=[to],
                is_no_reply=script.get("notice", False),
            )
            message = services.send(actor=author, message=draft, is_confirmed=True)
            _leave(message)
        _read(message, rng, people)
        if words := script.get("answer"):
            _answer(message, words, when + timedelta(minutes=50), people)
    return message


def _leave(message: Message) -> None:
    """As the worker does, on the day itself."""
    entry = OutboxEntry.objects.get(kind=delivery.DELIVER, payload__message=str(message.pk))
    delivery.deliver(entry.payload)
    entry.delivered_at = timezone.now()
    entry.save()


def _read(message: Message, rng: random.Random, people: dict[str, Any]) -> None:
    """Two readers out of three; what came these last days waits for whoever tries the demo."""
    copies = message.copies.received().exclude(account=people.get("guardian")).order_by("account")
    picked = [copy.pk for copy in copies if rng.random() < 0.66]
    read_at = min(message.queued_at + timedelta(hours=8), timezone.now())
    Copy.objects.filter(pk__in=picked).update(read_at=read_at)


def _answer(message: Message, words: str, when: Any, people: dict[str, Any]) -> None:
    readers = message.copies.received().select_related("account").order_by("account__activated_at", "account")
    wanted = [people.get(name) for name in ("pupil", "teacher", "head")]
    copy = readers.filter(account__in=[user for user in wanted if user]).first() or readers.first()
    if copy is None:
        return
    message.refresh_from_db()
    with at(min(when, timezone.now())):
        services.read(actor=copy.account, copies=[copy])
        _leave(services.answer(actor=copy.account, message=message, body=words))


def _reported(people: dict[str, Any], sent: list[Message]) -> None:
    """A pupil's message that a reader shows to the head."""
    for message in sent:
        copy = message.copies.received().select_related("account").first()
        if people.get("pupil") == message.author and copy is not None:
            services.report(actor=copy.account, message=message, reason="À lire ensemble")


def _unfinished(people: dict[str, Any]) -> None:
    """A draft, and a message that waits for its hour."""
    author, codes = people["teacher"], people["codes"]
    services.save_draft(actor=author, subject="Fête du livre", body="Bonjour,\n\nLa fête du livre…", to=[])
    later = timezone.now() + timedelta(days=2)
    facts = {
        "subject": "Rappel : piscine lundi",
        "body": "Bonjour,\n\nPensez au bonnet de bain.",
        "scheduled_at": later,
    }
    draft = services.save_draft(actor=author, to=[codes["guardians"]], **facts)
    services.send(actor=author, message=draft)
