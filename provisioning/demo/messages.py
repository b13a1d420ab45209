"""Weeks of messages: the head to families, teachers to parents, parents and pupils to teachers; one waits, one was
reported. Through the services, dated as they would have been.
"""

import random
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.tenancy import current_schema
from provisioning.demo.clock import at, moment
from provisioning.demo.people import of_commune
from shared_apps.accounts.models import User
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.messages import delivery, services
from tenant_apps.messages.models import Copy, Message
from tenant_apps.people.models import Enrollment, Person, PupilGroup, StaffAssignment
from tenant_apps.schools.models import School

SCRIPTS = tomllib.loads((Path(__file__).parent / "data/messages.toml").read_text())["message"]
Role = StaffAssignment.Role


def seed(school: School, school_days: list[date]) -> None:
    """Safe to repeat: a school where somebody wrote is left as it is."""
    if Message.objects.filter(school=school).exists():
        return
    people = _cast(school)
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    sent = [_play(script, people, school_days, rng) for script in SCRIPTS]
    _reported(people, sent)
    _unfinished(people)


def _cast(school: School) -> dict[str, Any]:
    """Those whom the front door shows, so that whoever tries the demo finds their messages; and their groups."""
    shown = {one.key: User.objects.get(pk=one.user_id) for one in of_commune(current_schema())}
    teachers = StaffAssignment.objects.on().filter(role=Role.TEACHER, school=school).select_related("person__account")
    mine = teachers.get(person__account=shown["teacher"])
    charge = Enrollment.objects.on().filter(pupil__guardianships__guardian__account=shown["guardian"])
    childs = teachers.filter(school_class__in=charge.values("school_class")).first() or mine
    learns = Enrollment.objects.on().get(pupil__person__account=shown["reader"])
    older = teachers.filter(school_class=learns.school_class).first() or mine
    codes = {
        "families": f"families:{school.pk}",
        "staff": f"staff:{school.pk}",
        "guardians": f"guardians:{mine.school_class_id}",
        "my_parents": f"guardians:{childs.school_class_id}",
        "my_teacher": f"person:{childs.person_id}",
        "head": f"person:{Person.objects.get(account=shown['head']).pk}",
        "pupils": f"pupils:{learns.school_class_id}",
        "older": f"person:{older.person_id}",
        "choir": f"group_guardians:{PupilGroup.objects.get(school=school, kind=PupilGroup.Kind.CHOIR).pk}",
    }
    return {
        "codes": codes,
        "head": shown["head"],
        "teacher": shown["teacher"],
        "guardian": shown["guardian"],
        "my_teacher": childs.person.account,
        "pupil": shown["reader"],
        "older": older.person.account,
    }


def _play(script: dict[str, Any], people: dict[str, Any], days: list[date], rng: random.Random) -> Message:
    author, to = people[script["by"]], people["codes"][script["to"]]
    when = moment(days[min(script["ago"], len(days) - 1)], rng.randrange(9, 17), rng.randrange(60))
    when = min(when, timezone.now() - timedelta(hours=1))
    facts = {"subject": script["subject"], "body": script["body"], "is_no_reply": script.get("notice", False)}
    with transaction.atomic():
        with at(when):
            draft = services.save_draft(actor=author, to=[to], **facts)
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
    copies = message.copies.received().exclude(account=people["guardian"]).order_by("account")
    picked = [copy.pk for copy in copies if rng.random() < 0.66]
    read_at = min(message.queued_at + timedelta(hours=8), timezone.now())
    Copy.objects.filter(pk__in=picked).update(read_at=read_at)


def _answer(message: Message, words: str, when: Any, people: dict[str, Any]) -> None:
    readers = message.copies.received().select_related("account").order_by("account__activated_at", "account")
    wanted = [people[name] for name in ("pupil", "my_teacher", "older", "head")]
    copy = readers.filter(account__in=wanted).first() or readers.first()
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
        if people["pupil"] == message.author and copy is not None:
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
