"""A survey of the head's that is over, a teacher's by child half answered. Through the services."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from provisioning.demo.clock import at, moment
from provisioning.demo.people import shown_guardian
from tenant_apps.people.models import Guardianship, StaffAssignment
from tenant_apps.schools.models import SchoolClass
from tenant_apps.surveys import services
from tenant_apps.surveys.models import Question, Survey

PARTY = [
    Question(
        label="Quel jour pour la kermesse ?", kind="one", choices=["Vendredi soir", "Samedi matin", "Samedi soir"]
    ),
    Question(
        label="À quoi pouvez-vous aider ?", kind="many", choices=["Stands", "Gâteaux", "Rangement", "Pas cette fois"]
    ),
    Question(label="Une idée à nous dire ?", kind="text"),
]
BREAKFAST = [
    Question(label="Votre enfant vient-il au petit déjeuner de la classe ?", kind="one", choices=["Oui", "Non"]),
    Question(label="Ce qu’il ne mange pas", kind="text"),
]


def seed(school: Any, school_days: list[date]) -> None:
    """Safe to repeat: a commune where something was asked is left as it is."""
    if Survey.objects.exists():
        return
    roles = StaffAssignment.objects.on().filter(school=school, person__account__isnull=False)
    roles = roles.select_related("person__account", "school_class").order_by("pk")
    head, teachers = roles.filter(role="head")[0], roles.filter(role="teacher").exclude(school_class=None)
    with transaction.atomic():
        day = school_days[min(12, len(school_days) - 1)]
        classes = list(SchoolClass.objects.current().filter(school=school))
        party = Survey(title="La kermesse de juin", ends_on=day + timedelta(days=7), is_anonymous=True)
        party = _write(head.person.account, party, classes, PARTY)
        with at(moment(day, 9, 0)):
            _answer(services.publish(actor=head.person.account, survey=party), classes, {0: 1, 1: 2, 2: 0})
        day = school_days[2 % len(school_days)]
        for teacher in teachers[:2]:
            words = "Le dernier matin avant les vacances, dès 8 h 20."
            ends = day + timedelta(days=12)
            breakfast = Survey(title="Petit déjeuner de la classe", words=words, ends_on=ends, once="child")
            breakfast = _write(teacher.person.account, breakfast, [teacher.school_class], BREAKFAST)
            with at(moment(day, 17, 0)):
                published = services.publish(actor=teacher.person.account, survey=breakfast)
                _answer(published, [teacher.school_class], {0: 0})


def _write(actor: Any, survey: Survey, classes: list[Any], questions: list[Question]) -> Survey:
    """Now: questions stand in the order of their moments, and a day of the past has a single one."""
    return services.save_draft(actor=actor, survey=survey, classes=classes, questions=questions)


def _answer(survey: Survey, classes: list[Any], turns: dict[int, int]) -> None:
    """Two families out of three, but the one that the front door shows; their choices go round."""
    charge = Guardianship.objects.informed().filter(guardian__account__activated_at__isnull=False).of_classes(classes)
    charge = (
        charge.exclude(guardian=shown_guardian())
        .select_related("guardian__account", "pupil")
        .order_by("pupil_id", "pk")
    )
    questions = list(survey.questions.all())
    done: set[Any] = set()
    for number, link in enumerate(charge):
        who = link.pupil_id if survey.is_by_child else link.guardian.account_id
        if number % 3 and who not in done:
            done.add(who)
            answers = {
                str(questions[place].pk): [questions[place].choices[(number + turn) % len(questions[place].choices)]]
                for place, turn in turns.items()
                if questions[place].choices
            }
            pupil = link.pupil if survey.is_by_child else None
            services.answer(actor=link.guardian.account, survey=survey, answers=answers, pupil=pupil)
