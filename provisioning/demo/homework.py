"""Two weeks of homework in each class: lessons, poems, readings; ticked, seen by the head; and what the groups of
pupils have to sing and to say. The same at each run.
"""

import random
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from provisioning.demo.clock import at, moment
from shared_apps.notifications.models import OutboxEntry
from tenant_apps.homework import services
from tenant_apps.homework.models import Homework, Progress
from tenant_apps.homework.notifications import FAMILIES
from tenant_apps.homework.querysets import concerned
from tenant_apps.homework.weeks import Week
from tenant_apps.people.models import PupilGroup, StaffAssignment
from tenant_apps.schools.days import class_days

LESSONS = [
    ("Lecture", "Lire à voix haute, page 24", "Deux fois, à un adulte ou à un frère, une sœur.", 10),
    ("Poésie", "« Le Cancre », les deux premières strophes", "À savoir dire sans la feuille.", 10),
    ("Mathématiques", "Tables de 6 et de 7", "Les réciter dans l’ordre, puis dans le désordre.", 10),
    ("Géographie", "Le canal de la Robine", "Relire la leçon et savoir montrer Narbonne sur la carte.", 15),
    ("Anglais", "Les couleurs", "Écouter et répéter la chanson.", 5),
    ("Français", "Mots de la semaine", "Savoir les épeler.", 10),
]


SUNG_AND_SAID = {
    PupilGroup.Kind.CHOIR: ("Chant", "Le refrain de « Douce nuit »", "À savoir sans la feuille.", 5),
    PupilGroup.Kind.LANGUAGE: ("Anglais", "Se présenter en trois phrases", "My name is… I live in… I like…", 10),
}


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a school where something was given is left as it is."""
    if Homework.objects.filter(school_class__school=school).exists():
        return
    rng = random.Random(school.uai)  # noqa: S311  (invented data, the same each time)
    rows = StaffAssignment.objects.on().filter(school=school, role="teacher", person__account__isnull=False)
    rows = rows.exclude(school_class=None).select_related("person__account", "school_class__school")
    with transaction.atomic():  # one commit: the disk is what takes time
        for assignment in rows.order_by("pk"):
            _of_class(assignment.person.account, assignment.school_class, school_days, rng)
        for group in PupilGroup.objects.on().filter(school=school).select_related("school"):
            _of_group(group, school_days)
        _told(school_days[0])
        _seen_by_head(school, school_days[min(5, len(school_days) - 1)])


def _of_class(actor: Any, school_class: Any, school_days: list[date], rng: random.Random) -> None:
    today = school_days[0]
    coming = class_days(school_class.school, today + timedelta(days=1), today + timedelta(days=30))
    pairs = [*zip(school_days[8:0:-2], school_days[6::-2], strict=False), (today, coming[0]), (today, coming[1])]
    for (subject, title, instruction, minutes), (given, due) in zip(rng.sample(LESSONS, 6), pairs, strict=False):
        words = {"subject": subject, "title": title, "instruction": instruction, "minutes": minutes}
        one = _given(actor, school_class, given, due, **words)
        if due <= today:
            _done(one, due, rng)
    again = {"recurrence": "weekly", "until": coming[0] + timedelta(weeks=4)}
    _given(actor, school_class, today, coming[0], subject="Dictée", title="Relire les mots invariables", **again)


def _of_group(group: PupilGroup, school_days: list[date]) -> None:
    """By who is in charge, for the second day of class to come."""
    leader = group.leaders.on().select_related("person__account").first()
    if leader is None or leader.person.account is None:
        return
    subject, title, instruction, minutes = SUNG_AND_SAID[PupilGroup.Kind(group.kind)]
    today = school_days[0]
    coming = class_days(group.school, today + timedelta(days=1), today + timedelta(days=30))
    words = {"subject": subject, "title": title, "instruction": instruction, "minutes": minutes}
    _given(leader.person.account, group, today, coming[1], **words)


def _given(actor: Any, place: Any, given: date, due: date, **facts: Any) -> Homework:
    days = {"given_on": given, "published_on": given, "due_on": due}
    with at(moment(given, 16, 20)):
        where = {"group": place} if isinstance(place, PupilGroup) else {"school_class": place}
        one = Homework(**where, **days, **facts)
        return services.save_homework(actor=actor, homework=one)


def _done(one: Homework, due: date, rng: random.Random) -> None:
    """Ticked by most: of the rows alone, few pupils of the demo have an account."""
    pupils = [row.pupil_id for row in concerned(one) if rng.random() < 0.7]
    rows = [Progress(homework=one, pupil_id=pk, day=due, done_at=moment(due, 7, 40)) for pk in pupils]
    Progress.objects.bulk_create(rows)


def _told(today: date) -> None:
    """Families learnt of the past weeks’ homework long ago."""
    Homework.objects.filter(published_on__lt=today).update(told_at=timezone.now())
    past = OutboxEntry.objects.filter(kind=FAMILIES, not_before__lt=moment(today, 0))
    past.update(delivered_at=timezone.now())


def _seen_by_head(school: Any, day: date) -> None:
    head = StaffAssignment.objects.on().heading().filter(school=school, person__account__isnull=False).first()
    if head is None:
        return
    for school_class in school.classes.current().select_related("school"):
        services.visa_week(actor=head.person.account, place=school_class, week=Week.of(day))
