"""Surveys of a small class: call inside a commune."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tenant_apps.surveys import services
from tenant_apps.surveys.models import Question, Survey
from tests.tenant_apps.liaison.factories import ClassRoom


def draft(room: ClassRoom, *, by: Any = None, questions: list[Question] | None = None, **facts: Any) -> Survey:
    defaults = {"title": "La fête", "ends_on": timezone.localdate() + timedelta(days=7)}
    asked = questions or [Question(label="Quel jour ?", kind="one", choices=["Vendredi", "Samedi"])]
    made = Survey(**defaults | facts)
    return services.save_draft(actor=by or room.teacher, survey=made, classes=[room.school_class], questions=asked)


def survey(room: ClassRoom, **facts: Any) -> Survey:
    made = draft(room, **facts)
    return services.publish(actor=made.author, survey=made)


def of_the_world(room: ClassRoom, next_class: Any) -> dict[str, Any]:
    """For the access matrix: of the class, of the class next door, not sent yet."""
    next_one = Survey.objects.create(
        title="Essai",
        ends_on=timezone.localdate(),
        school=room.school,
        author=room.head,
        status="open",
        published_at=timezone.now(),
    )
    next_one.classes.add(next_class)
    return {"survey": survey(room).pk, "next_survey": next_one.pk, "survey_draft": draft(room).pk}
