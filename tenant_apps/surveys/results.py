"""What was answered, question by question: counts of choices, texts; as a table to take away."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.opendocument import spreadsheet
from tenant_apps.surveys.models import Question, Response, Survey

FEWEST = 5  # anonymous answers read together: fewer, and one guesses whose they are


def readable(survey: Survey) -> QuerySet[Response]:
    """What is anonymous is read five by five, or once nobody answers any more."""
    rows = survey.responses.all()
    return rows.filter(is_counted=True) if _is_held(survey) else rows


def are_shown(survey: Survey) -> bool:
    """Held answers are not shown before the first five: there is nothing to read."""
    return not _is_held(survey) or readable(survey).exists()


def _is_held(survey: Survey) -> bool:
    return survey.is_anonymous and survey.is_open


@dataclass(frozen=True)
class Result:
    question: Question
    counts: list[tuple[str, int]]
    texts: list[str]


def results(survey: Survey) -> list[Result]:
    """Two queries, however many answers; texts in an order that says nothing."""
    answers = [row.answers for row in readable(survey)]
    return [_result(question, answers) for question in survey.questions.all()]


def _result(question: Question, answers: list[dict[str, list[str]]]) -> Result:
    given = [one for row in answers for one in row.get(str(question.pk), [])]
    if question.is_text:
        return Result(question, [], [text for text in given if text])
    counted = Counter(given)
    return Result(question, [(choice, counted[choice]) for choice in question.choices], [])


def table(survey: Survey) -> bytes:
    rows: list[list[Any]] = [[_("Question"), _("Réponse"), _("Nombre")]]
    for one in results(survey):
        rows += [[one.question.label, choice, n] for choice, n in one.counts]
        rows += [[one.question.label, text, 1] for text in one.texts]
    return spreadsheet(survey.title[:30], rows)
